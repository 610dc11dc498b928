"""The atomic moves, in Lua: each is one step for Redis, whole or not at all, also in its log.

Times are Redis's own, so that clocks of workers need not agree. A lease is told by its name, which
no two leases share: who comes with an old one is told ``lost`` and can change nothing (fencing).
"""

_NOW = "local t = redis.call('TIME') local now = t[1] * 1000 + math.floor(t[2] / 1000)\n"

CLAIM = (
    _NOW
    + """
-- KEYS sites, owners, then sites and owners of the stage's other spiders; ARGV lease, worker, ttl
local free = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', now, 'LIMIT', 0, 200)
for _, site in ipairs(free) do
  local busy = false
  for i = 3, #KEYS, 2 do  -- one worker at a time for a host, whichever spider asks it
    local till = redis.call('ZSCORE', KEYS[i], site)
    if till and tonumber(till) > now then
      local holder = redis.call('HGET', KEYS[i + 1], site)
      if holder and string.sub(holder, 1, #ARGV[2] + 1) ~= ARGV[2] .. ' ' then busy = true end
    end
  end
  if not busy then
    redis.call('ZADD', KEYS[1], now + ARGV[3], site)
    redis.call('HSET', KEYS[2], site, ARGV[1])
    return site
  end
end
return false
"""
)
"""Take a site nobody holds; returns it."""

RENEW = (
    _NOW
    + """
-- KEYS sites, owners, workers, items, stage; ARGV worker, ttl, then site and lease of each held
redis.call('ZADD', KEYS[3], now + ARGV[2], ARGV[1])
redis.call('ZREMRANGEBYSCORE', KEYS[3], '-inf', now)
local lost = {}
for i = 3, #ARGV, 2 do
  if redis.call('HGET', KEYS[2], ARGV[i]) == ARGV[i + 1] then
    redis.call('ZADD', KEYS[1], 'XX', now + ARGV[2], ARGV[i])
  else
    lost[#lost + 1] = ARGV[i]
  end
end
return {redis.call('GET', KEYS[5]), redis.call('ZCARD', KEYS[1]), redis.call('ZCARD', KEYS[3]),
        redis.call('XLEN', KEYS[4]), lost}
"""
)
"""Hold on to sites; returns the stage, how many sites are open, workers, items waiting, and the
sites that somebody else holds by now."""

RELEASE = """
-- KEYS sites, owners; ARGV site, lease
if redis.call('HGET', KEYS[2], ARGV[1]) ~= ARGV[2] then return 0 end
redis.call('HDEL', KEYS[2], ARGV[1])
return redis.call('ZADD', KEYS[1], 'XX', 0, ARGV[1])
"""
"""Give a site back, its work undone."""

_PUT = """
local function put(pending, done, number, first)
  for i = first, #ARGV, 3 do
    local url, again = ARGV[i], ARGV[i + 1] == '1'
    if redis.call('HEXISTS', pending, url) == 0
       and (again or redis.call('HEXISTS', done, url) == 0) then
      redis.call('HSET', pending, url, redis.call('INCR', number) .. ' ' .. ARGV[i + 2])
    end
  end
end
"""

ADD = (
    _PUT
    + """
-- KEYS owners, pending, done, number; ARGV site, lease, then address, again and target of each
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 'lost' end
put(KEYS[2], KEYS[3], KEYS[4], 3)
return 'ok'
"""
)
"""Put targets on the frontier."""

BEGIN = """
-- KEYS owners, pending, tries, requests; ARGV site, lease, address, spider
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return {'lost', 0, 0} end
if redis.call('HEXISTS', KEYS[2], ARGV[3]) == 0 then return {'done', 0, 0} end
redis.call('HINCRBY', KEYS[4], ARGV[4], 1)
return {'ok', redis.call('HINCRBY', KEYS[3], ARGV[3], 1), redis.call('HINCRBY', KEYS[4], '', 1)}
"""
"""Begin with a target: returns how often it was begun with, and the requests of the stage."""

COMMIT = (
    _PUT
    + """
-- KEYS owners, pending, done, number, tries, book, items
-- ARGV site, lease, address, role, book, spider, source, item, record, then as ADD
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 'lost' end
if redis.call('HDEL', KEYS[2], ARGV[3]) == 0 then return 'done' end
redis.call('HSET', KEYS[3], ARGV[3], ARGV[4])
redis.call('HDEL', KEYS[5], ARGV[3])
put(KEYS[2], KEYS[3], KEYS[4], 10)
redis.call('SET', KEYS[6], ARGV[5])
redis.call('XADD', KEYS[7], '*', 'spider', ARGV[6], 'source', ARGV[7], 'item', ARGV[8],
           'record', ARGV[9])
return 'ok'
"""
)
"""The end of a target: its item joins the stream, its outlinks the frontier, at once."""

FINISH = """
-- KEYS owners, sites, sources, reports, pending, done, tries, book
-- ARGV site, lease, source, name of the report, report
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 'lost' end
if redis.call('SREM', KEYS[3], ARGV[3]) == 0 then return 'done' end
redis.call('HSET', KEYS[4], ARGV[4], ARGV[5])
redis.call('DEL', KEYS[5], KEYS[6], KEYS[7], KEYS[8])
if redis.call('SCARD', KEYS[3]) == 0 then
  redis.call('ZREM', KEYS[2], ARGV[1])
  redis.call('HDEL', KEYS[1], ARGV[1])
end
return 'ok'
"""
"""The end of a source; with the last of its site the site leaves the frontier."""

TURN = (
    _NOW
    + """
-- KEYS turn, workers; ARGV gap and hold in ms, worker
local held = redis.call('HMGET', KEYS[1], 'gap', 'at', 'by', 'till', 'open', 'next', 'asked')
local function other(name, till)  -- another worker, which is alive
  if not name or name == ARGV[3] or tonumber(till) <= now then return false end
  local alive = redis.call('ZSCORE', KEYS[2], name)
  return alive and tonumber(alive) > now
end
local waits = other(held[6], (held[7] or 0) + 2000)
if other(held[3], held[4]) or waits then
  if not waits then redis.call('HSET', KEYS[1], 'next', ARGV[3], 'asked', now) end
  return -1
end
if held[6] == ARGV[3] then redis.call('HDEL', KEYS[1], 'next', 'asked') end
local gap = math.max(tonumber(ARGV[1]), tonumber(held[1] or 0))
local at = math.max(now, tonumber(held[2] or 0) + gap)
local open = 1
if held[3] == ARGV[3] and tonumber(held[4]) > now then open = open + held[5] end
local till = at + ARGV[2]
redis.call('HSET', KEYS[1], 'at', at, 'gap', gap, 'by', ARGV[3], 'till', till, 'open', open)
redis.call('PEXPIRE', KEYS[1], math.max(60000, 2 * gap, till - now))
return at - now
"""
)
"""A site's next turn: the ms to wait for it; -1: another worker's request is under way, or its turn
is next. The longest gap anybody knows of counts. A worker's own requests are kept apart by itself.
"""

ANSWERED = (
    _NOW
    + """
-- KEYS turn; ARGV worker
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
local last = tonumber(redis.call('HGET', KEYS[1], 'at') or 0)
if redis.call('HGET', KEYS[1], 'by') == ARGV[1] then
  if redis.call('HINCRBY', KEYS[1], 'open', -1) < 1 then
    redis.call('HDEL', KEYS[1], 'by', 'till', 'open')
  end
end
return redis.call('HSET', KEYS[1], 'at', math.max(now, last))
"""
)
"""A site's answer has ended: the next turn is counted from now."""

TAKE_PEN = """
-- KEYS writer; ARGV name, ttl
local held = redis.call('GET', KEYS[1])
if held and held ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
return 1
"""
"""Be the writer, or go on being it."""

DROP_PEN = """
-- KEYS writer; ARGV name
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
"""
"""Be the writer no longer."""
