-- Sends each line of a file once, in order, one request body per line; then the run ends. For wrk.
-- After `--` come the file, the number of connections and the milliseconds for opening them. All of them begin
-- together after that, so that claims are measured and not connecting.

local ffi = require("ffi")
ffi.cdef [[
  typedef struct { long s; long ns; } timespec_of_claims;
  int clock_gettime(int clock, timespec_of_claims *now);
  int getpid(void);
  int kill(int pid, int signal);
]]

local CLOCK_MONOTONIC, SIGINT = 1, 2
local requests, threads, statuses = {}, {}, {}
local connections, opening_us, begin_us
local now = ffi.new("timespec_of_claims")

-- Global, because done() reads them from another Lua state. `sent` starts below zero because wrk calls request()
-- once before the run, to inspect the result, and does not send it.
sent, opened, answered, begun_us, ended_us, counts_json = -1, 0, 0, 0, 0, ""

local function now_us()
  ffi.C.clock_gettime(CLOCK_MONOTONIC, now)
  return tonumber(now.s) * 1e6 + tonumber(now.ns) / 1e3
end

function setup(thread)
  threads[#threads + 1] = thread
end

function init(args)
  connections, opening_us = tonumber(args[2]), tonumber(args[3]) * 1e3
  local headers = { ["Content-Type"] = "application/json" }
  for body in io.lines(args[1]) do
    requests[#requests + 1] = wrk.format("POST", "/messages/inbound", headers, body)
  end
end

-- Called when a connection has opened, and again after each of its answers.
function delay()
  if begun_us > 0 then
    return 0
  end
  opened = opened + 1
  begin_us = begin_us or now_us() + opening_us
  return math.max(0, (begin_us - now_us()) / 1e3)
end

function request()
  sent = sent + 1
  if sent == 1 then
    begun_us = now_us()
  end
  -- When all are sent, returns nothing: the connection stays open and idle.
  return requests[math.max(sent, 1)] or ""
end

function response(status, headers, body)
  answered = answered + 1
  local what = status == 200 and body:match('"status": *"([%w_]+)"') or tostring(status)
  statuses[what] = (statuses[what] or 0) + 1
  if answered == #requests then
    ended_us = now_us()
    local counts = {}
    for name, count in pairs(statuses) do
      counts[#counts + 1] = string.format('"%s": %d', name, count)
    end
    counts_json = table.concat(counts, ", ")
    ffi.C.kill(ffi.C.getpid(), SIGINT) -- ends wrk in an orderly way, as Ctrl-C does
  end
end

-- Prints one line of JSON, the last of wrk's output. Times are in microseconds.
function done(summary, latency)
  local thread, errors = threads[1], summary.errors
  print(string.format(
    '{"opened": %d, "answered": %d, "duration_us": %d, "p50_us": %d, "p99_us": %d, "broken": %d, "statuses": {%s}}',
    thread:get("opened"), thread:get("answered"), thread:get("ended_us") - thread:get("begun_us"),
    latency:percentile(50), latency:percentile(99),
    errors.connect + errors.read + errors.write + errors.timeout, thread:get("counts_json")))
end
