-- Requests and tokens of the last minute, by Redis' own clock. Begins the scripts that reserve.
--
-- They are kept in a hash: from (the oldest second that counts), requests and tokens (sums), r<second> and t<second>.

-- This second and the 60 before it: wherever 60 seconds begin, no more than the limit falls into them.
local WINDOW = 61

local time = redis.call('TIME')
local second = tonumber(time[1])
local now = second * 1000 + math.floor(tonumber(time[2]) / 1000)

local function at(hash, field)
  return tonumber(redis.call('HGET', hash, field) or 0)
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
  return math.max(1, (oldest - 1 + WINDOW) * 1000 - now)
end

-- Counts one request and its tokens in this second, and its place until its lease (ms) ends.
local function take(used, held, id, tokens, lease)
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

