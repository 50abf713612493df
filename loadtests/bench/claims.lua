-- Sends the lines of a file in order, one request body per line: the claims of claims.py, for wrk.
-- After `--` come the file and the number of connections. The first second of the run is spent on connecting.
-- Every request is built before the clock starts, so request() is one table look-up and wrk is not the bottleneck.

local requests = {}
local threads = {}

-- Global, because done() reads it from another Lua state. It starts below zero because wrk calls request() once
-- before the run, to inspect the result, and does not send it.
sent = -1
local waiting

function setup(thread)
  threads[#threads + 1] = thread
end

function init(args)
  waiting = tonumber(args[2])
  local headers = { ["Content-Type"] = "application/json" }
  for body in io.lines(args[1]) do
    requests[#requests + 1] = wrk.format("POST", "/messages/inbound", headers, body)
  end
end

function request()
  sent = sent + 1
  -- After the last line the first is sent again; `sent` tells the caller that the run is invalid.
  return requests[sent] or requests[1]
end

-- Milliseconds to wait before a request. All connections open first and begin together after a second: uvloop
-- accepts one connection per turn of its loop, so connections opened under load wait up to a second for their
-- first answer, and p99 would measure that instead of claims. Later requests do not wait.
function delay()
  if waiting > 0 then
    waiting = waiting - 1
    return 1000
  end
  return 0
end

-- Prints one line of JSON, the last of wrk's output. Times are in microseconds, the duration without the first second.
function done(summary, latency)
  local errors = summary.errors
  print(string.format(
    '{"sent": %d, "answered": %d, "duration_us": %d, "p50_us": %d, "p99_us": %d, "refused": %d, "broken": %d}',
    threads[1]:get("sent"), summary.requests, summary.duration - 1e6, latency:percentile(50), latency:percentile(99),
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
