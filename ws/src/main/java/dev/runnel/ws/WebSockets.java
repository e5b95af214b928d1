package dev.runnel.ws;

import dev.runnel.http.Request;
import dev.runnel.http.Response;

/**
 * WebSocket sessions for Java, as responses from any handler, over HTTP/1.1 and HTTP/2:
 *
 * <pre>
 *   routes.get("/echo", request -&gt; WebSockets.blocking(request, session -&gt; {
 *     for (Message m = session.receive(); m != null; m = session.receive()) session.send(m);
 *   }));
 * </pre>
 *
 * <p>Each method throws {@link dev.runnel.http.HttpError}: 426 if the request asks for no session,
 * 400 if not rightly, 403 for a page of an origin that may not.
 */
public final class WebSockets {
  private WebSockets() {}

  /** A session that a listener of its own hears of, on the loop. */
  public static Response listen(Request request, WsListener listener) {
    return listen(request, WsOptions.DEFAULT, listener);
  }

  /** A session that a listener of its own hears of, on the loop. */
  public static Response listen(Request request, WsOptions options, WsListener listener) {
    Opening opening = new Opening(request, options);
    return opening.accept(new SessionBody(request, opening, new ListenerRun(listener)));
  }

  /** A session that blocking code runs, on a thread where it may block. */
  public static Response blocking(Request request, BlockingWsHandler handler) {
    return blocking(request, WsOptions.DEFAULT, handler);
  }

  /**
   * A session that blocking code runs, on a thread where it may block. If too many run already the
   * answer is 503.
   */
  public static Response blocking(Request request, WsOptions options, BlockingWsHandler handler) {
    Opening opening = new Opening(request, options);
    return opening.accept(new SessionBody(request, opening, new BlockingRun(handler)));
  }
}
