-- Reserves all that one call of a key may take, by Redis' own clock: or nothing of it.
--
-- KEYS   of the key: used, held; of each purse: account, promises
-- ARGV   id, lease (ms), tokens, nano-dollars, requests a minute, tokens a minute, calls at once (-1: no limit);
--        of each purse: limit (nano-dollars), spent as the database has it (-1: not asked yet), ms that it is kept
-- reply  0 reserved, or why not (2 requests, 3 tokens, 4 calls at once, 5 money, 6 the database must be asked);
--        ms until there is room, or which purse; requests and tokens of the last minute; ms until they are forgotten
--
-- used is a hash as window.lua has it, with last (the newest second). held and promises are sorted sets of calls by the time
-- their lease ends. account is a hash: spent, promised (a sum) and what was promised to each call. Numbers stay below 2^53,
-- which is nine million dollars.

local used, held = KEYS[1], KEYS[2]
local id, lease, tokens, nanos = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4])
local requestsMost, tokensMost, callsMost = tonumber(ARGV[5]), tonumber(ARGV[6]), tonumber(ARGV[7])

local function text(number)
  return string.format('%.0f', number)
end

local function reply(why, what)
  local requests = at(used, 'requests')
  local reset = requests > 0 and (at(used, 'last') + WINDOW) * 1000 - now or 0
  return {why, what, requests, math.max(0, at(used, 'tokens')), reset}
end

moveOn(used)
redis.call('ZREMRANGEBYSCORE', held, '-inf', now)

local purses = (#KEYS - 2) / 2
for purse = 1, purses do
  local account, promises = KEYS[2 * purse + 1], KEYS[2 * purse + 2]
  local limit, spent = tonumber(ARGV[5 + 3 * purse]), ARGV[6 + 3 * purse]
  for _, gone in ipairs(redis.call('ZRANGEBYSCORE', promises, '-inf', now)) do
    redis.call('HINCRBY', account, 'promised', text(0 - at(account, gone)))
    redis.call('HDEL', account, gone)
    redis.call('ZREM', promises, gone)
  end
  if redis.call('HEXISTS', account, 'spent') == 0 then
    if spent == '-1' then
      return reply(6, purse)
    end
    redis.call('HSET', account, 'spent', spent)
  end
  -- A call that costs nothing is not made either once all is spent.
  if at(account, 'spent') + at(account, 'promised') + math.max(1, nanos) > limit then
    return reply(5, purse)
  end
end

if callsMost >= 0 and redis.call('ZCARD', held) >= callsMost then
  -- Nobody knows when one of them ends.
  return reply(4, 1000)
elseif requestsMost >= 0 and at(used, 'requests') + 1 > requestsMost then
  return reply(2, untilDownTo(used, 'requests', 'r', requestsMost - 1))
elseif tokensMost >= 0 and at(used, 'tokens') + tokens > tokensMost then
  return reply(3, untilDownTo(used, 'tokens', 't', tokensMost - tokens))
end

if requestsMost >= 0 or tokensMost >= 0 or callsMost >= 0 then
  take(used, held, id, ARGV[3], lease)
  redis.call('HSET', used, 'last', second)
end
for purse = 1, purses do
  local account, promises = KEYS[2 * purse + 1], KEYS[2 * purse + 2]
  redis.call('HINCRBY', account, 'promised', ARGV[4])
  redis.call('HSET', account, id, ARGV[4])
  redis.call('PEXPIRE', account, ARGV[7 + 3 * purse])
  redis.call('ZADD', promises, now + lease, id)
  redis.call('PEXPIRE', promises, ARGV[7 + 3 * purse])
end
return reply(0, 0)
