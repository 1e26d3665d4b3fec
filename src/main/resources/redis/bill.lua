-- A call of a key is over: its place is free, its tokens become what was used, and what it cost is spent. After the lease
-- has ended only the money is still taken. Sent once for a call, or with no money a second time.
--
-- KEYS   of the key: used, held; of each purse: account, promises
-- ARGV   id, lease (ms), by how much its tokens change, by how much its requests do, nano-dollars
-- reply  of each purse: spent before and after, as texts; nothing where the account is not known, which the database
--        will tell
local used, held = KEYS[1], KEYS[2]
local id = ARGV[1]

local ends = redis.call('ZSCORE', held, id)
if ends then
  redis.call('ZREM', held, id)
  -- The second in which it was made, unless that has left the window.
  local second = math.floor((tonumber(ends) - tonumber(ARGV[2])) / 1000)
  if redis.call('HEXISTS', used, 'r' .. second) == 1 then
    redis.call('HINCRBY', used, 'tokens', ARGV[3])
    redis.call('HINCRBY', used, 't' .. second, ARGV[3])
    redis.call('HINCRBY', used, 'requests', ARGV[4])
    redis.call('HINCRBY', used, 'r' .. second, ARGV[4])
  end
end

local reply = {}
for purse = 1, (#KEYS - 2) / 2 do
  local account, promises = KEYS[2 * purse + 1], KEYS[2 * purse + 2]
  local promised = redis.call('HGET', account, id)
  if promised then
    redis.call('HINCRBY', account, 'promised', string.format('%.0f', 0 - tonumber(promised)))
    redis.call('HDEL', account, id)
    redis.call('ZREM', promises, id)
  end
  local before = redis.call('HGET', account, 'spent')
  if before then
    reply[#reply + 1] = before
    reply[#reply + 1] = string.format('%.0f', redis.call('HINCRBY', account, 'spent', ARGV[5]))
  else
    reply[#reply + 1] = ''
    reply[#reply + 1] = ''
  end
end
return reply
