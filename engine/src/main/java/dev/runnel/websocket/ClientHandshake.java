package dev.runnel.websocket;

import dev.runnel.http.HeaderNames;
import dev.runnel.http.Headers;
import dev.runnel.http.Method;
import dev.runnel.http.ResponseHead;
import dev.runnel.http.Version;
import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientException.Reason;
import java.nio.ByteBuffer;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The client's side of the opening handshake: GET with Upgrade over HTTP/1.1 (RFC 6455 4.1),
 * extended CONNECT over HTTP/2 (RFC 8441 5). One of them asks once: its key is not used again.
 */
public final class ClientHandshake {
  /** What the Upgrade field, and {@code :protocol} over HTTP/2, ask for. */
  public static final String PROTOCOL = Handshake.PROTOCOL;

  private static final String EXTENSIONS = "Sec-WebSocket-Extensions";
  private static final int SWITCHING_PROTOCOLS = 101;
  private static final int OK = 200;

  /** As much of a value as a message shows. */
  private static final int SHOWN = 80;

  private final Version version;
  private final List<String> protocols;
  private final @Nullable String extensions;
  private final String key;

  private ClientHandshake(Version version, List<String> protocols, @Nullable String extensions) {
    this.version = version;
    this.protocols = protocols;
    this.extensions = extensions;
    this.key = newKey();
  }

  /**
   * A handshake on a connection of this version.
   *
   * @param protocols the sub-protocols that are offered, the preferred first
   * @param extensions what is offered as {@code Sec-WebSocket-Extensions}, or null; whoever offers
   *     checks what the answer says to it
   * @throws IllegalArgumentException if a sub-protocol is no token or stands there twice (RFC 6455
   *     4.1)
   */
  public static ClientHandshake of(
      Version version, List<String> protocols, @Nullable String extensions) {
    Set<String> seen = new HashSet<>();
    for (String protocol : protocols) {
      if (!protocol.matches("[!#$%&'*+.^_`|~0-9A-Za-z-]+") || !seen.add(protocol)) {
        throw new IllegalArgumentException(
            "a sub-protocol is a token and offered once (RFC 6455 4.1), but this is '"
                + protocol
                + "' of "
                + protocols);
      }
    }
    return new ClientHandshake(version, List.copyOf(protocols), extensions);
  }

  private static String newKey() {
    ByteBuffer nonce = ByteBuffer.allocate(Handshake.KEY_BYTES);
    while (nonce.hasRemaining()) {
      nonce.putInt(MaskKeys.next());
    }
    return Base64.getEncoder().encodeToString(nonce.array());
  }

  private boolean isHttp2() {
    return version == Version.HTTP_2;
  }

  /** GET, or over HTTP/2 CONNECT, whose {@code :protocol} is {@link #PROTOCOL}. */
  public Method method() {
    return isHttp2() ? Method.CONNECT : Method.GET;
  }

  /** The fields that ask for the session, for a request that has none of them. */
  public Headers fields() {
    Headers fields = Headers.EMPTY;
    if (!isHttp2()) {
      fields =
          Headers.of(
              HeaderNames.CONNECTION, "Upgrade", HeaderNames.UPGRADE, PROTOCOL, Handshake.KEY, key);
    }
    fields = fields.with(Handshake.VERSION, "13");
    if (!protocols.isEmpty()) {
      fields = fields.with(Handshake.SUBPROTOCOL, String.join(", ", protocols));
    }
    return extensions == null ? fields : fields.with(EXTENSIONS, extensions);
  }

  /**
   * Checks whether the answer opens a session.
   *
   * @return the sub-protocol that was agreed on: one of those offered, or null, since a server need
   *     not pick one (RFC 6455 4.2.2)
   * @throws ClientException {@link Reason#NOT_UPGRADED} if it does not, or does wrongly, which
   *     names the field and what came
   */
  public @Nullable String check(ResponseHead answer) {
    requireStatus(answer);
    Headers headers = answer.headers();
    if (!isHttp2()) {
      requireUpgrade(headers);
      requireProof(headers);
    }
    if (extensions == null && headers.contains(EXTENSIONS)) {
      throw wrong(headers, EXTENSIONS, "must not be there, as no extension was offered");
    }
    return protocol(headers);
  }

  private void requireStatus(ResponseHead answer) {
    int expected = isHttp2() ? OK : SWITCHING_PROTOCOLS;
    if (answer.status().code() != expected) {
      throw refused(
          "the server answered "
              + answer.status().code()
              + " instead of "
              + expected
              + hint(answer.headers(), "Location")
              + hint(answer.headers(), Handshake.VERSION));
    }
  }

  /** What may explain a refusal. */
  private static String hint(Headers headers, String name) {
    return headers.contains(name) ? ", with " + name + ": " + shown(headers.all(name)) : "";
  }

  private static void requireUpgrade(Headers headers) {
    String upgrade = only(headers, HeaderNames.UPGRADE);
    if (upgrade == null || !upgrade.equalsIgnoreCase(PROTOCOL)) {
      throw wrong(headers, HeaderNames.UPGRADE, "must be '" + PROTOCOL + "'");
    }
    if (!headers.hasToken(HeaderNames.CONNECTION, "upgrade")) {
      throw wrong(headers, HeaderNames.CONNECTION, "must name 'Upgrade'");
    }
  }

  private void requireProof(Headers headers) {
    String proof = Handshake.answerTo(key);
    if (!proof.equals(only(headers, Handshake.ACCEPT))) {
      throw wrong(headers, Handshake.ACCEPT, "must be '" + proof + "' for the key " + key);
    }
  }

  private @Nullable String protocol(Headers headers) {
    if (!headers.contains(Handshake.SUBPROTOCOL)) {
      return null;
    }
    String agreed = only(headers, Handshake.SUBPROTOCOL);
    if (agreed == null || !protocols.contains(agreed)) {
      String offered = protocols.isEmpty() ? "must not be there: none was" : "must be one of those";
      throw wrong(headers, Handshake.SUBPROTOCOL, offered + " offered " + protocols);
    }
    return agreed;
  }

  private static @Nullable String only(Headers headers, String name) {
    List<String> all = headers.all(name);
    return all.size() == 1 ? all.get(0).trim() : null;
  }

  private static ClientException wrong(Headers headers, String name, String rule) {
    List<String> values = headers.all(name);
    String came = values.isEmpty() ? "but is not there" : "but is " + shown(values);
    return refused(name + " " + rule + ", " + came);
  }

  private static String shown(List<String> values) {
    String all = values.size() == 1 ? "'" + values.get(0) + "'" : values.toString();
    return all.length() <= SHOWN ? all : all.substring(0, SHOWN) + "…";
  }

  private static ClientException refused(String why) {
    return new ClientException(Reason.NOT_UPGRADED, "no WebSocket session: " + why);
  }
}
