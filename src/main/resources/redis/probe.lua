-- Does what the path does, so that a Redis that only reads, is full, or allows no scripts does not pass for a sound one.
--
-- KEYS   any of ours
redis.call('SET', KEYS[1], '1', 'PX', 60000)
return redis.call('TIME')
