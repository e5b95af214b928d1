package dev.runnel.websocket;

import dev.runnel.http.Body;
import dev.runnel.http.HeaderNames;
import dev.runnel.http.Headers;
import dev.runnel.http.HttpError;
import dev.runnel.http.Method;
import dev.runnel.http.Problem;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.http.Status;
import dev.runnel.http.Version;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The server's side of the opening handshake: GET with Upgrade over HTTP/1.1 (RFC 6455 4.2),
 * extended CONNECT over HTTP/2 (RFC 8441 5).
 */
public final class Handshake {
  static final String PROTOCOL = "websocket";
  static final String KEY = "Sec-WebSocket-Key";
  static final String ACCEPT = "Sec-WebSocket-Accept";
  static final String VERSION = "Sec-WebSocket-Version";
  static final String SUBPROTOCOL = "Sec-WebSocket-Protocol";
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // RFC 6455 1.3
  static final int KEY_BYTES = 16;

  private final Request request;
  private final @Nullable String protocol;

  private Handshake(Request request, @Nullable String protocol) {
    this.request = request;
    this.protocol = protocol;
  }

  /** Whether the request asks for a session, well or badly; else it is a plain one. */
  public static boolean isAskedBy(Request request) {
    return request.version() == Version.HTTP_2
        ? PROTOCOL.equals(request.connectProtocol())
        : request.headers().hasToken(HeaderNames.UPGRADE, PROTOCOL)
            && request.headers().hasToken(HeaderNames.CONNECTION, "upgrade");
  }

  /**
   * Checks what the request asks for.
   *
   * @param protocols the sub-protocols that are spoken here, the preferred first
   * @throws HttpError 426 if it asks for no session or another version of it, 400 if it asks
   *     wrongly, 403 for an origin that may not
   */
  public static Handshake of(Request request, OriginPolicy origins, List<String> protocols) {
    requireAsked(request);
    if (!"13".equals(only(request.headers(), VERSION))) {
      throw upgradeRequired("this is WebSocket of version 13", Headers.of(VERSION, "13"));
    }
    if (request.version() != Version.HTTP_2) {
      requireKey(request.headers());
    }
    for (String origin : request.headers().all(HeaderNames.ORIGIN)) { // one, from who is honest
      if (!origins.allows(request, origin)) {
        throw new HttpError(403, "pages of this origin may not open a session here");
      }
    }
    return new Handshake(request, pick(offered(request.headers()), protocols));
  }

  private static void requireAsked(Request request) {
    if (isAskedBy(request) && request.method().equals(Method.GET)) {
      return;
    }
    if (request.version() == Version.HTTP_2) {
      throw HttpError.badRequest(
          "this resource speaks WebSocket: over HTTP/2 it takes an extended CONNECT (RFC 8441)");
    }
    throw upgradeRequired(
        "this resource speaks WebSocket only: ask for it by GET with Upgrade", Headers.EMPTY);
  }

  private static HttpError upgradeRequired(String detail, Headers more) {
    Headers headers = Headers.of(HeaderNames.UPGRADE, PROTOCOL).plus(more);
    return new HttpError(Problem.of(Status.of(426), detail), headers, null);
  }

  private static void requireKey(Headers headers) {
    String key = only(headers, KEY);
    if (key == null || !isKey(key)) {
      throw HttpError.badRequest(KEY + " must be there once, 16 bytes in base64");
    }
  }

  private static boolean isKey(String key) {
    try {
      return key.length() == 24 && Base64.getDecoder().decode(key).length == KEY_BYTES;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static @Nullable String only(Headers headers, String name) {
    List<String> all = headers.all(name);
    return all.size() == 1 ? all.get(0).trim() : null;
  }

  private static List<String> offered(Headers headers) {
    List<String> offered = new ArrayList<>();
    for (String line : headers.all(SUBPROTOCOL)) {
      for (String name : line.split(",", -1)) {
        String trimmed = name.trim();
        if (!trimmed.isEmpty()) {
          offered.add(trimmed);
        }
      }
    }
    return offered;
  }

  private static @Nullable String pick(List<String> offered, List<String> spoken) {
    return spoken.stream().filter(offered::contains).findFirst().orElse(null);
  }

  /** The sub-protocol that was picked: the first of ours that the client offers, or null. */
  public @Nullable String protocol() {
    return protocol;
  }

  /**
   * The answer that opens the session.
   *
   * @param body what takes the connection
   */
  public Response accept(Body.Upgrade body) {
    Response answer = Response.upgrade(PROTOCOL, body);
    if (request.version() != Version.HTTP_2) {
      answer = answer.header(ACCEPT, answerTo(only(request.headers(), KEY)));
    }
    return protocol == null ? answer : answer.header(SUBPROTOCOL, protocol);
  }

  /** What proves that the key was read by who knows what it is for (RFC 6455 4.2.2). */
  static String answerTo(@Nullable String key) {
    byte[] proof = sha1((key + GUID).getBytes(StandardCharsets.ISO_8859_1));
    return Base64.getEncoder().encodeToString(proof);
  }

  private static byte[] sha1(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-1").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-1", e);
    }
  }
}
