-- Gives a reservation back. One that has been given back, or whose lease has ended, changes nothing.
--
-- KEYS   used, held
-- ARGV   id, lease (ms), by how much its tokens change, by how much its requests do
-- reply  1 when it was held
local ends = redis.call('ZSCORE', KEYS[2], ARGV[1])
if not ends then
  return {0}
end
redis.call('ZREM', KEYS[2], ARGV[1])

-- The second in which it was made, unless that has left the window.
local second = math.floor((tonumber(ends) - tonumber(ARGV[2])) / 1000)
if redis.call('HEXISTS', KEYS[1], 'r' .. second) == 1 then
  redis.call('HINCRBY', KEYS[1], 'tokens', ARGV[3])
  redis.call('HINCRBY', KEYS[1], 't' .. second, ARGV[3])
  redis.call('HINCRBY', KEYS[1], 'requests', ARGV[4])
  redis.call('HINCRBY', KEYS[1], 'r' .. second, ARGV[4])
end
return {1}
