-- Reserves one request at the first deployment that can take it, by Redis' own clock. Nothing changes at the others.
--
-- KEYS   alive; of each candidate: cool, used, held
-- ARGV   id, lease (ms), tokens; of each candidate: requests a minute, tokens a minute, calls at once (-1: no limit),
--        1 when it may serve although it cools down
-- reply  which candidate serves (0: none), 1 when it is cooling down; of each one passed over:
--        why (1 cooling, 2 requests, 3 tokens, 4 calls at once), ms until it may take a request
--
-- used is a hash: from (the oldest second that counts), requests and tokens (sums), r<second> and t<second>.
-- held is a sorted set of reservations by the time their lease ends. Their ids end in the replica that made them.
-- alive is a sorted set of replicas by the time until which they count as alive.

-- This second and the 60 before it: wherever 60 seconds begin, no more than the limit falls into them.
local WINDOW = 61

local time = redis.call('TIME')
local second = tonumber(time[1])
local now = second * 1000 + math.floor(tonumber(time[2]) / 1000)
local id, lease, tokens = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])

local function at(used, field)
  return tonumber(redis.call('HGET', used, field) or 0)
end

-- Drops the seconds that have left the window.
local function moveOn(used)
  local from = at(used, 'from')
  if from == 0 then
    return
  end
  if second - from >= 2 * WINDOW then
    redis.call('DEL', used)
    return
  end
  local first = from
  while from <= second - WINDOW do
    redis.call('HINCRBY', used, 'requests', 0 - at(used, 'r' .. from))
    redis.call('HINCRBY', used, 'tokens', 0 - at(used, 't' .. from))
    redis.call('HDEL', used, 'r' .. from, 't' .. from)
    from = from + 1
  end
  if from > first then
    redis.call('HSET', used, 'from', from)
  end
end

-- Milliseconds until a sum, requests or tokens, is down to that much.
local function untilDownTo(used, sum, field, most)
  local total, oldest = at(used, sum), math.max(at(used, 'from'), second - WINDOW + 1)
  while total > most and oldest < second do
    total = total - at(used, field .. oldest)
    oldest = oldest + 1
  end
  if total > most then
    oldest = second + 1
  end
  return (oldest - 1 + WINDOW) * 1000 - now
end

-- Gives back what replicas hold that have died.
local function bury(held)
  local dead = {}
  for _, replica in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now)) do
    dead[replica] = true
  end
  if next(dead) then
    for _, reservation in ipairs(redis.call('ZRANGE', held, 0, -1)) do
      if dead[string.match(reservation, '[^:]*$')] then
        redis.call('ZREM', held, reservation)
      end
    end
  end
end

local reply = {0, 0}
for candidate = 1, (#KEYS - 1) / 3 do
  local cool, used, held = KEYS[3 * candidate - 1], KEYS[3 * candidate], KEYS[3 * candidate + 1]
  local requestsMost = tonumber(ARGV[4 * candidate])
  local tokensMost = tonumber(ARGV[4 * candidate + 1])
  local callsMost = tonumber(ARGV[4 * candidate + 2])
  local evenCooling = ARGV[4 * candidate + 3] == '1'
  -- A call larger than the whole limit would never be served; it waits for an empty window.
  local tokensBefore = math.max(0, tokensMost - tokens)
  local limited = requestsMost >= 0 or tokensMost >= 0 or callsMost >= 0

  local cooling = math.max(0, redis.call('PTTL', cool))
  if limited then
    moveOn(used)
    redis.call('ZREMRANGEBYSCORE', held, '-inf', now)
    if callsMost >= 0 and redis.call('ZCARD', held) >= callsMost then
      bury(held)
    end
  end

  local why, wait = 0, 0
  if cooling > 0 and not evenCooling then
    why, wait = 1, cooling
  elseif callsMost >= 0 and redis.call('ZCARD', held) >= callsMost then
    -- Nobody knows when one of them ends.
    why, wait = 4, 1000
  elseif requestsMost >= 0 and at(used, 'requests') + 1 > requestsMost then
    why, wait = 2, untilDownTo(used, 'requests', 'r', requestsMost - 1)
  elseif tokensMost >= 0 and at(used, 'tokens') > tokensBefore then
    why, wait = 3, untilDownTo(used, 'tokens', 't', tokensBefore)
  end

  if why == 0 then
    if limited then
      redis.call('HSETNX', used, 'from', second)
      redis.call('HINCRBY', used, 'requests', 1)
      redis.call('HINCRBY', used, 'tokens', tokens)
      redis.call('HINCRBY', used, 'r' .. second, 1)
      redis.call('HINCRBY', used, 't' .. second, tokens)
      redis.call('EXPIRE', used, 2 * WINDOW)
      redis.call('ZADD', held, now + lease, id)
      if redis.call('PTTL', held) < lease then
        redis.call('PEXPIRE', held, lease)
      end
    end
    reply[1], reply[2] = candidate, cooling > 0 and 1 or 0
    return reply
  end
  reply[#reply + 1] = why
  reply[#reply + 1] = wait
end
return reply
