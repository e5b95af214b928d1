package dev.runnel.ws;

import dev.runnel.http.Headers;
import dev.runnel.http.ResponseHead;
import dev.runnel.http.Status;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;

/** What a server answers to a handshake. */
final class ScriptedAnswer {
  private static final String GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

  private ScriptedAnswer() {}

  /** A good answer, with these fields besides. */
  static ResponseHead to(WsClientHandshake handshake, String... more) {
    String key = handshake.requestFields().get("Sec-WebSocket-Key");
    if (key == null) {
      return new ResponseHead(Status.of(200), Headers.of(more));
    }
    Headers headers =
        Headers.of(
            "Upgrade", "websocket", "Connection", "Upgrade", "Sec-WebSocket-Accept", proof(key));
    return new ResponseHead(Status.of(101), headers.plus(Headers.of(more)));
  }

  private static String proof(String key) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-1")
              .digest((key + GUID).getBytes(StandardCharsets.ISO_8859_1));
      return Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-1", e);
    }
  }
}
