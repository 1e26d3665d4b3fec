-- So much at least was spent: what the database knows, of which an account may have missed something while Redis was away.
--
-- KEYS   account
-- ARGV   nano-dollars
-- reply  1 when the account was behind
local spent = redis.call('HGET', KEYS[1], 'spent')
if spent and tonumber(spent) < tonumber(ARGV[1]) then
  redis.call('HSET', KEYS[1], 'spent', ARGV[1])
  return {1}
end
return {0}
