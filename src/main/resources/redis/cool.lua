-- Leaves a deployment out for so long; an earlier deadline than the one that stands changes nothing.
--
-- KEYS   cool
-- ARGV   ms
-- reply  1 when the deadline is new
if redis.call('PTTL', KEYS[1]) >= tonumber(ARGV[1]) then
  return {0}
end
redis.call('SET', KEYS[1], '1', 'PX', ARGV[1])
return {1}
