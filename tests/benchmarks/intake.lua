-- One rating a request, each under its own id and with its own right. FIRST and SPAN say which
-- rights this run may use; each thread takes a stretch of its own.
local threads = 0

function setup(thread)
  thread:set("place", threads)
  threads = threads + 1
end

function init()
  next_number = tonumber(os.getenv("FIRST")) + place * tonumber(os.getenv("SPAN"))
  wrk.method = "POST"
  wrk.headers["Content-Type"] = "application/json"
end

function request()
  local number = next_number
  next_number = number + 1
  local reflection = ""
  if number % 3 == 0 then reflection = ',"reflection":"Cần có thêm ghế ngồi chờ."' end
  return wrk.format(nil, nil, nil, string.format(
    '{"ratings":[{"id":"00000000-0000-0000-0000-%012x","right":"t%d","answers":{"overall":4,' ..
    '"access":4,"procedures":4,"officials":4,"result":5,"feedback":5,"reasons":["waiting","attitude"]%s}}]}',
    number, number, reflection))
end

function done(summary, latency)
  io.write(string.format(
    '\n{"rate":%f,"requests":%d,"errors":%d,"p50":%f,"p95":%f,"p99":%f}\n',
    summary.requests / summary.duration * 1e6, summary.requests,
    summary.errors.status + summary.errors.connect + summary.errors.read + summary.errors.timeout,
    latency:percentile(50) / 1000, latency:percentile(95) / 1000, latency:percentile(99) / 1000))
end
