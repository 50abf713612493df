-- The claims of bench_claims.py for wrk: sends the lines of a file, one body a request, in order.
-- After `--` come the file and the number of connections. The first second of the run is spent on connecting.
-- Every request is built before the clock starts, so that request() is one table look-up and wrk is never the limit.

local requests = {}
local threads = {}

-- Global, because done() reads it from another Lua state. It starts below zero because wrk calls request() once
-- before the run, to look at what it returns, and does not send that one.
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
  -- Past the last line the first is repeated; the caller sees from `sent` that the run is not valid.
  return requests[sent] or requests[1]
end

-- Milliseconds to wait before a request. All connections open first and begin together after a second: uvloop
-- accepts one connection in each turn of its loop, so connections opened under load wait up to a second for their
-- first answer, and p99 would tell of that instead of claims. Later requests do not wait.
function delay()
  if waiting > 0 then
    waiting = waiting - 1
    return 1000
  end
  return 0
end

-- One line of JSON, the last that wrk prints: times in microseconds, the duration without the first second.
function done(summary, latency)
  local errors = summary.errors
  print(string.format(
    '{"sent": %d, "answered": %d, "duration_us": %d, "p50_us": %d, "p99_us": %d, "refused": %d, "broken": %d}',
    threads[1]:get("sent"), summary.requests, summary.duration - 1e6, latency:percentile(50), latency:percentile(99),
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
