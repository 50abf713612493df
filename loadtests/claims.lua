-- The claims of bench_claims.py for wrk: sends the lines of the file named after `--`, one body a request, in order.
-- Every request is built before the clock starts, so that request() is one table look-up and wrk is never the limit.

local requests = {}
local threads = {}

-- Global, because done() reads it from another Lua state. It starts below zero because wrk calls request() once
-- before the run, to look at what it returns, and does not send that one.
sent = -1

function setup(thread)
  threads[#threads + 1] = thread
end

function init(args)
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

-- One line of JSON, the last that wrk prints: times in microseconds.
function done(summary, latency)
  local errors = summary.errors
  print(string.format(
    '{"sent": %d, "answered": %d, "duration_us": %d, "p50_us": %d, "p99_us": %d, "refused": %d, "broken": %d}',
    threads[1]:get("sent"), summary.requests, summary.duration, latency:percentile(50), latency:percentile(99),
    errors.status, errors.connect + errors.read + errors.write + errors.timeout))
end
