-- A request for one name after another, for wrk.
--   wrk ... -s wrk.lua <origin> -- <request> <file of names> <first line>
-- The request is complete, line ends included, with {label}, {node} and {counter} as blanks: see data/query.ts.

local parts, blanks = {}, {}
local names, count

function init(args)
  local request, file, first = args[1], args[2], tonumber(args[3])
  local at = 1
  for before, blank, after in request:gmatch("(.-){(%a+)}()") do
    table.insert(parts, before)
    table.insert(parts, blank)
    table.insert(blanks, { index = #parts, blank = blank })
    at = after
  end
  table.insert(parts, request:sub(at))
  names = assert(io.open(file))
  local line = assert(names:read("*l"))
  -- all lines have one length
  assert(names:seek("set", first * (#line + 1)))
  count = first
end

function request()
  local line = names:read("*l")
  if not line then
    names:seek("set", 0)
    line = names:read("*l")
  end
  local space = line:find(" ", 1, true)
  local values = { label = line:sub(1, space - 1), node = line:sub(space + 1) }
  values.counter = string.format("%016x", count)
  count = count + 1
  for _, slot in ipairs(blanks) do
    parts[slot.index] = values[slot.blank]
  end
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
