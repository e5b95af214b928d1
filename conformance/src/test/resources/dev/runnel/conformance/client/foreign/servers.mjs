// Servers of Node for a client under test. The first line of the output is {"http1": port, "http2": port, ...}.
import http from "node:http";
import http2 from "node:http2";

const listening = (server) =>
  new Promise((done) => server.listen(0, "127.0.0.1", () => done(server.address().port)));

// HTTP/1.1

const counts = new Map();
const count = (key) => {
  counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts.get(key);
};

const plain = http.createServer((request, response) => {
  const url = new URL(request.url, "http://localhost");
  switch (url.pathname) {
    case "/echo":
      request.pipe(response);
      break;
    case "/trailers":
      response.writeHead(200, { Trailer: "x-sum, x-more" });
      response.write("body");
      response.addTrailers({ "x-sum": "4", "x-more": "yes" });
      response.end();
      break;
    case "/hints":
      response.writeEarlyHints({ link: "</style.css>; rel=preload; as=style" });
      response.end("hinted");
      break;
    // Ends a connection that was used before in answer to a request, as a server that closes idle ones may seem to.
    case "/ends-used": {
      const used = request.socket.used;
      request.socket.used = true;
      if (used) request.socket.destroy();
      else response.end("" + count(url.search));
      break;
    }
    default:
      request.socket.used = true;
      response.end("ok");
  }
});
plain.keepAliveTimeout = 60_000;

// It closes connections that are idle for this many milliseconds.
const hasty = http.createServer((request, response) => response.end("ok"));
hasty.keepAliveTimeout = 4;

// HTTP/2

const second = http2.createServer();
second.on("stream", (stream, headers) => {
  stream.on("error", () => {});
  const url = new URL(headers[":path"], "http://localhost");
  switch (url.pathname) {
    case "/echo":
      stream.respond({ ":status": 200 });
      stream.pipe(stream);
      break;
    case "/trailers":
      stream.respond({ ":status": 200, trailer: "x-sum" }, { waitForTrailers: true });
      stream.on("wantTrailers", () => stream.sendTrailers({ "x-sum": "4" }));
      stream.end("body");
      break;
    case "/hints":
      stream.additionalHeaders({ ":status": 103, link: "</style.css>; rel=preload; as=style" });
      stream.respond({ ":status": 200 });
      stream.end("hinted");
      break;
    case "/reset":
      stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR);
      break;
    case "/half":
      stream.respond({ ":status": 200 });
      stream.write("half", () => stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR));
      break;
    // The first of two requests is refused, and so may be sent again whatever it is.
    case "/refused":
      if (count(url.search) === 1) stream.close(http2.constants.NGHTTP2_REFUSED_STREAM);
      else {
        stream.respond({ ":status": 200 });
        stream.end("taken");
      }
      break;
    // Every fiftieth says that the connection takes no more.
    case "/goaway":
      if (count("goaway") % 50 === 0) stream.session.close();
      stream.respond({ ":status": 200 });
      stream.end("ok");
      break;
    case "/pushes":
      stream.respond({ ":status": 200 });
      if (!stream.pushAllowed) {
        stream.end("no pushes");
        break;
      }
      stream.pushStream({ ":path": "/pushed.css" }, (error, pushed) => {
        if (error) return stream.end("failed: " + error);
        pushed.on("error", () => {});
        pushed.respond({ ":status": 200, "content-type": "text/css" });
        pushed.end("p { }");
        stream.end("pushed");
      });
      break;
    default:
      stream.respond({ ":status": 200 });
      stream.end("ok");
  }
});

console.log(
  JSON.stringify({ plain: await listening(plain), hasty: await listening(hasty), second: await listening(second) }),
);
