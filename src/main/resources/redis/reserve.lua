-- Reserves one request at the first deployment that can take it, by Redis' own clock. Nothing changes at the others.
--
-- KEYS   alive; of each candidate: cool, used, held
-- ARGV   id, lease (ms), tokens; of each candidate: requests a minute, tokens a minute, calls at once (-1: no limit),
--        1 when it may serve although it cools down
-- reply  which candidate serves (0: none), 1 when it is cooling down; of each one passed over:
--        why (1 cooling, 2 requests, 3 tokens, 4 calls at once), ms until it may take a request
--
-- used is a hash as window.lua has it. held is a sorted set of reservations by the time their lease ends; their ids end in
-- the replica that made them.
-- alive is a sorted set of replicas by the time until which they count as alive.

local id, lease, tokens = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])

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
      take(used, held, id, tokens, lease)
    end
    reply[1], reply[2] = candidate, cooling > 0 and 1 or 0
    return reply
  end
  reply[#reply + 1] = why
  reply[#reply + 1] = wait
end
return reply
