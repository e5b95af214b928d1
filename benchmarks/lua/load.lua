-- Load for wrk: -- <method> <bytes of body> <requests sent at once>
-- The result is one line of JSON; wrk's own table has no p99.9 and rounds what it has.

local batch

function init(args)
  local method = args[1] or "GET"
  local bytes = tonumber(args[2] or "0")
  local at_once = tonumber(args[3] or "1")
  local body = bytes > 0 and string.rep("a", bytes) or nil
  local headers = body and { ["Content-Type"] = "application/octet-stream" } or {}
  local one = wrk.format(method, nil, headers, body)
  batch = string.rep(one, at_once)
end

function request()
  return batch
end

function done(summary, latency, requests)
  local e = summary.errors
  io.write(string.format(
    '{"requests":%d,"bytes":%d,"micros":%d,"errors":%d,"p50":%d,"p99":%d,"p999":%d}\n',
    summary.requests, summary.bytes, summary.duration,
    e.connect + e.read + e.write + e.status + e.timeout,
    latency:percentile(50), latency:percentile(99), latency:percentile(99.9)))
end
