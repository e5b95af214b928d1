package dev.runnel.ws;

import dev.runnel.http.Body;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.websocket.Handshake;
import dev.runnel.websocket.Role;
import org.jspecify.annotations.Nullable;

/** A request for a session, and what comes of it: the same for every face of the server. */
final class Opening {
  /** Where a call keeps it until its session begins. */
  static final Request.Key<Opening> KEY = Request.Key.of("dev.runnel.ws.opening");

  private final WsOptions options;
  private final Handshake handshake;
  private final @Nullable DeflateTerms deflate;

  /**
   * @throws dev.runnel.http.HttpError 400, 403 or 426 if the request asks for no session, or not
   *     rightly
   */
  Opening(Request request, WsOptions options) {
    this.options = options;
    this.handshake = Handshake.of(request, options.origins(), options.protocols());
    this.deflate = DeflateNegotiation.accept(options.deflate(), request.headers());
  }

  Agreed agreed() {
    return new Agreed(
        Role.SERVER, handshake.protocol(), options.frames(), deflate, options.leaveWithin());
  }

  WsOptions options() {
    return options;
  }

  /** The answer that opens the session once the body accepts. */
  Response accept(Body.Upgrade body) {
    Response answer = handshake.accept(body);
    answer = answer.headers(answer.headers().plus(options.headers()));
    return deflate == null ? answer : answer.header(Extension.FIELD, deflate.header());
  }
}
