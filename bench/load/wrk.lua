-- A request for one name after another, for wrk.
--   wrk ... -s wrk.lua <origin> -- <request> <file of names> <first line> <first counter> <resolver> ...
-- The request is complete, line ends included, with {label}, {node}, {counter} and {resolver} as blanks: see data/query.ts.

local parts = {}
-- where in `parts` each blank goes
local at = { label = {}, node = {}, counter = {}, resolver = {} }
local resolvers = {}
local names, space, count

function init(args)
  local request, file, first = args[1], args[2], tonumber(args[3])
  local rest = 1
  for before, blank, after in request:gmatch("(.-){(%a+)}()") do
    table.insert(parts, before)
    table.insert(parts, "")
    table.insert(at[blank], #parts)
    rest = after
  end
  table.insert(parts, request:sub(rest))
  names = assert(io.open(file))
  local line = assert(names:read("*l"))
  -- all lines have one form
  space = line:find(" ", 1, true)
  assert(names:seek("set", first * (#line + 1)))
  count = tonumber(args[4])
  for i = 5, #args do
    table.insert(resolvers, args[i])
  end
end

local function fill(blanks, value)
  for i = 1, #blanks do
    parts[blanks[i]] = value
  end
end

function request()
  local line = names:read("*l")
  if not line then
    names:seek("set", 0)
    line = names:read("*l")
  end
  fill(at.label, line:sub(1, space - 1))
  fill(at.node, line:sub(space + 1))
  if #at.counter > 0 then
    fill(at.counter, string.format("%016x", count))
  end
  if #at.resolver > 0 then
    fill(at.resolver, resolvers[count % #resolvers + 1])
  end
  count = count + 1
  return table.concat(parts)
end

function done(summary, latency)
  local errors = summary.errors
  print(string.format(
    'RESULT {"requests":%d,"failures":%d,"seconds":%.6f,"p50Us":%d,"p99Us":%d}',
    summary.requests,
    errors.connect + errors.read + errors.write + errors.status + errors.timeout,
    summary.duration / 1e6,
    latency:percentile(50),
    latency:percentile(99)
  ))
end
