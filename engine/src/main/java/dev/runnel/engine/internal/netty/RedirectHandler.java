package dev.runnel.engine.internal.netty;

import dev.runnel.engine.Exchange;
import dev.runnel.engine.Handler;
import dev.runnel.http.Problem;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.http.Status;

/** Answers every request with the same URL on https. */
final class RedirectHandler implements Handler {
  private static final int HTTPS = 443;

  private final int port;

  RedirectHandler(int port) {
    this.port = port;
  }

  @Override
  public void handle(Exchange exchange) {
    Request request = exchange.request();
    String host = host(request.authority());
    if (host.isEmpty() || !request.rawPath().startsWith("/")) {
      exchange.respond(
          Problem.of(Status.BAD_REQUEST, "use https; nothing in this request says where")
              .toResponse());
      return;
    }
    String query = request.rawQuery();
    String location =
        "https://"
            + host
            + (port == HTTPS ? "" : ":" + port)
            + request.rawPath()
            + (query == null ? "" : "?" + query);
    // 308 and not 301: the method and the body stay what they were (RFC 9110 15.4.9).
    exchange.respond(Response.redirect(Status.PERMANENT_REDIRECT, location));
  }

  /** An authority without its port; the parser has checked its syntax. */
  private static String host(String authority) {
    int colon = authority.lastIndexOf(':');
    return colon > authority.lastIndexOf(']') ? authority.substring(0, colon) : authority;
  }
}
