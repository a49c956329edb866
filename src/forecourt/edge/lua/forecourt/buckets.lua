--- Token buckets, and the places of requests under way, that all workers share,
-- whatever is published meanwhile.
-- They stand in a file that each worker maps (forecourt.edge.buckets makes it).
-- A bucket is the moment at which it will be full again: a request moves that
-- on by the time it takes to refill, and is refused where the bucket would then
-- lack more than it holds (the generic cell rate algorithm, ITU-T I.371).
local ffi = require("ffi")

local monotonic = require("forecourt.clock").monotonic

ffi.cdef([[
int open(const char *path, int flags, ...);
int close(int file);
long lseek(int file, long offset, int whence);
void *mmap(void *at, size_t size, int access, int kind, int file, long offset);
int munmap(void *at, size_t size);
int pthread_spin_lock(int *lock);
int pthread_spin_unlock(int *lock);
]])

local C = ffi.C
local cast, ceil, floor, max = ffi.cast, math.ceil, math.floor, math.max
local NULL = ffi.cast("void *", 0)

local READ_WRITE, END = 2, 2 -- O_RDWR, SEEK_END
local PROTECTION, SHARED = 3, 1 -- PROT_READ | PROT_WRITE, MAP_SHARED

-- The file: first the locks, 64 bytes each, with what is counted under them;
-- then the sets, of some ways each, and each way an id and a moment. All of it
-- is named by plain numbers, since a pointer would be an object for each
-- request.
local SETS, WAYS, LOCKS = 65536, 8, 256
local WORDS, DOUBLES = 16, 2 * WAYS -- of a lock, of a set
local FIRST = LOCKS * 8
local SIZE = 8 * (FIRST + SETS * DOUBLES)
local REFUSED, DISPLACED = 1, 2
-- Besides, in doubles: how many are turned away, until when that counts, and
-- how many of each class came meanwhile (forecourt.edge.shared_level).
local LEVEL, TILL, ASKED = 10, 11, 18
-- The last half of the key of ids; those of names take all of it.
local KEY = 6

-- Sums of seconds are this exact; nobody is refused for less.
local EXACT = 1e-6

local _M = {}

_M.SETS, _M.WAYS, _M.LOCKS, _M.SIZE = SETS, WAYS, LOCKS, SIZE

local path
local locks = {}
local counts, cells -- the file, as uint32_t and as double
local mapping -- kept: where this state ends, its mapping does

local function map()
  local file = C.open(path, READ_WRITE)
  if file < 0 then
    error("the token buckets cannot be opened: " .. path)
  end
  local length = tonumber(C.lseek(file, 0, END))
  local at = length == SIZE and C.mmap(NULL, SIZE, PROTECTION, SHARED, file, 0)
  C.close(file)
  if not at or tonumber(cast("intptr_t", at)) == -1 then
    error("the token buckets cannot be used as they are: " .. path)
  end
  mapping = ffi.gc(at, function(this)
    C.munmap(this, SIZE)
  end)
  for i = 0, LOCKS - 1 do
    locks[i] = cast("int *", at) + i * WORDS
  end
  counts, cells = cast("uint32_t *", at), cast("double *", at)
end

--- Says where the file is. It is opened when somebody calls.
function _M.follow(buckets_path)
  path, cells = buckets_path, nil
end

-- Where the moment of a bucket stands: in the bucket's own place; else in that
-- of the fullest, which is most often full, so that nothing is forgotten. Where
-- it is not, the bucket goes on from the other's moment: to crowd a bucket out
-- refills nobody's, since what comes back finds no fuller place than it left.
local function place(set, id, now)
  local first = FIRST + set * DOUBLES
  local fullest = first
  for at = first, first + DOUBLES - 2, 2 do
    if cells[at] == id then
      return at + 1
    elseif cells[at + 1] < cells[fullest + 1] then
      fullest = at
    end
  end
  if cells[fullest + 1] > now then
    local count = set % LOCKS * WORDS + DISPLACED
    counts[count] = counts[count] + 1
  end
  cells[fullest] = id
  return fullest + 1
end

-- Called under the set's lock.
local function charge(set, id, interval, depth, now)
  local at = place(set, id, now)
  local lacks = max(cells[at] - now, 0)
  if lacks > depth then
    lacks = depth -- of a larger bucket once, or of another clock
    cells[at] = now + depth
  end
  local wait = lacks + interval - depth
  if wait <= EXACT then
    lacks = lacks + interval
    cells[at] = now + lacks
  else
    local count = set % LOCKS * WORDS + REFUSED
    counts[count] = counts[count] + 1
  end
  return lacks, wait
end

--- Takes one request's token.
-- @tparam number id        of the bucket: a whole number, but 0, below 2^53
-- @tparam number interval  seconds in which one token refills
-- @tparam number depth     seconds in which an empty bucket becomes full
-- @tparam number now       seconds, of a clock that is never set
-- @treturn number      tokens that are left
-- @treturn number      seconds until the bucket is full
-- @treturn number|nil  seconds to wait, where there was none to take
function _M.take(id, interval, depth, now)
  if not cells then
    map()
  end
  local set = id % SETS
  local lock = locks[set % LOCKS]
  C.pthread_spin_lock(lock)
  -- Whatever happens, the lock is released: else all workers would wait for it.
  local is_done, lacks, wait = pcall(charge, set, id, interval, depth, now)
  C.pthread_spin_unlock(lock)
  if not is_done then
    error(lacks)
  end
  local left = max(floor((depth - lacks) / interval + EXACT), 0)
  return left, ceil(lacks - EXACT), wait > EXACT and wait or nil
end

--- A key as old as the file, for ids that nobody can look for.
-- @treturn cdata  two numbers, uint64_t
function _M.key()
  if not cells then
    map()
  end
  return cast("uint64_t *", counts) + KEY
end

-- Does something under a set's lock, as above.
local function locked(act, id, one, other)
  if not cells then
    map()
  end
  local set = id % SETS
  local lock = locks[set % LOCKS]
  C.pthread_spin_lock(lock)
  local is_done, result = pcall(act, set, id, one, other)
  C.pthread_spin_unlock(lock)
  if not is_done then
    error(result)
  end
  return result
end

-- Where the moment of what is there stands; nil where it was crowded out.
local function standing(set, id)
  local first = FIRST + set * DOUBLES
  for at = first, first + DOUBLES - 2, 2 do
    if cells[at] == id then
      return at + 1
    end
  end
  return nil
end

local function restore(set, id, interval)
  local at = standing(set, id)
  if at then
    cells[at] = cells[at] - interval
  end
end

--- Gives back a token that was taken a moment ago.
-- @tparam number id        of the bucket
-- @tparam number interval  seconds in which one token refills
function _M.give_back(id, interval)
  locked(restore, id, interval)
end

local function lease(set, id, till, now)
  local at = place(set, id, now)
  if cells[at] > now then
    return false -- where another was crowded out: it may be this very lease
  end
  cells[at] = till
  return true
end

--- Takes a place, unless somebody has it.
-- @tparam number id    a whole number from 2^52 on, below 2^53
-- @tparam number till  when it is free again, if nobody gives it back
-- @treturn boolean
function _M.occupy(id, till, now)
  return locked(lease, id, till, now)
end

local function release(set, id, till)
  local at = standing(set, id)
  if at and cells[at] == till then
    cells[at] = 0
  end
end

--- Gives a place back, if it is still held till then: it is another's else.
function _M.vacate(id, till)
  locked(release, id, till)
end

local function refusal(set)
  local count = set % LOCKS * WORDS + REFUSED
  counts[count] = counts[count] + 1
end

--- Counts a request that was refused otherwise than by a bucket's `take`.
function _M.count_refusal(id)
  locked(refusal, id)
end

--- How many requests of a class are turned away now, in percent.
-- @tparam number class  0 for the first that goes
function _M.pressure(class)
  if not cells then
    map()
  end
  local level = cells[LEVEL]
  if level <= 0 or monotonic() >= cells[TILL] then
    return 0
  end
  -- Not under a lock: to lose one now and then is cheaper.
  cells[ASKED + class] = cells[ASKED + class] + 1
  return level - class * 100
end

return _M
