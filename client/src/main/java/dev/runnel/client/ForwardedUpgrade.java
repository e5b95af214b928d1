package dev.runnel.client;

import dev.runnel.http.Body;
import dev.runnel.http.HeaderNames;
import dev.runnel.http.Headers;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.http.Status;
import dev.runnel.http.Version;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A protocol that was asked for on one side of a proxy and is on the other. The fields of its
 * handshake pass as they are, but for the key of WebSocket, which HTTP/1.1 has (RFC 6455 4.1) and
 * HTTP/2 has not (RFC 8441 5).
 */
final class ForwardedUpgrade {
  private static final String WEBSOCKET = "websocket";
  private static final String KEY = "Sec-WebSocket-Key";
  private static final String ACCEPT = "Sec-WebSocket-Accept";
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"; // RFC 6455 1.3
  private static final Pattern COMMA = Pattern.compile(",");
  private static final SecureRandom RANDOM = new SecureRandom();

  private ForwardedUpgrade() {}

  /** The protocol that is asked for, or null. */
  static @Nullable UpgradeWish wish(Request request) {
    String protocol = protocol(request);
    if (protocol == null) {
      return null;
    }
    boolean needsKey = protocol.equals(WEBSOCKET) && request.header(KEY) == null;
    return new UpgradeWish(
        protocol,
        version ->
            needsKey && version != Version.HTTP_2 ? Headers.of(KEY, newKey()) : Headers.EMPTY);
  }

  private static @Nullable String protocol(Request request) {
    if (request.version() == Version.HTTP_2) {
      String protocol = request.connectProtocol();
      return WEBSOCKET.equalsIgnoreCase(protocol) ? WEBSOCKET : protocol;
    }
    boolean asks =
        request.version() == Version.HTTP_1_1
            && request.headers().hasToken(HeaderNames.CONNECTION, "upgrade")
            && request.body().isEmpty();
    return asks ? pick(request.headers().all(HeaderNames.UPGRADE)) : null;
  }

  /**
   * Asked for behind is one protocol, so that it is known which the answer is about. Of those in
   * the lists (RFC 9110 7.8) it is WebSocket in whatever letters, else the first. HTTP/2 itself is
   * no protocol for a proxy to pass on.
   */
  private static @Nullable String pick(List<String> lists) {
    List<String> names =
        lists.stream()
            .flatMap(COMMA::splitAsStream)
            .map(String::strip)
            .filter(name -> !name.isEmpty() && !name.equalsIgnoreCase("h2c"))
            .toList();
    boolean socket = names.stream().anyMatch(WEBSOCKET::equalsIgnoreCase);
    return socket ? WEBSOCKET : names.stream().findFirst().orElse(null);
  }

  private static String newKey() {
    byte[] key = new byte[16];
    RANDOM.nextBytes(key);
    return Base64.getEncoder().encodeToString(key);
  }

  /** 101; the server makes 200 of it for an extended CONNECT. */
  static Response answer(Request request, Response answer) {
    Body.Upgrade body = (Body.Upgrade) answer.body();
    String protocol = protocol(request);
    Headers headers = answer.headers().without(ACCEPT);
    String key = request.header(KEY);
    if (WEBSOCKET.equals(protocol) && key != null && request.version() != Version.HTTP_2) {
      headers = headers.set(ACCEPT, answerTo(key));
    }
    return Response.upgrade(protocol, body)
        .status(Status.SWITCHING_PROTOCOLS)
        .headers(headers.set(HeaderNames.UPGRADE, protocol));
  }

  private static String answerTo(String key) {
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      byte[] proof = sha1.digest((key.strip() + GUID).getBytes(StandardCharsets.ISO_8859_1));
      return Base64.getEncoder().encodeToString(proof);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-1", e);
    }
  }
}
