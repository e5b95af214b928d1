package dev.runnel.transport;

import dev.runnel.http.Headers;
import dev.runnel.http.Method;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The head of a request as it is to be sent. The connection adds the framing of the body, and Host
 * where the version has it; nothing else.
 *
 * @param method the method
 * @param scheme {@code http} or {@code https}
 * @param authority host and port for Host or {@code :authority}
 * @param target the request target: {@code /path?query}; an absolute URI to an HTTP proxy; the
 *     authority for CONNECT
 * @param protocol of an extended CONNECT (RFC 8441 4), else null
 * @param headers the header section, without framing and connection fields, but with {@code
 *     Connection: upgrade} and {@code Upgrade} where another protocol is asked for over HTTP/1.1
 * @param bodyLength bytes of the body; 0 for none, -1 when it is not known in advance
 * @param times how long what may take
 */
public record CallHead(
    Method method,
    String scheme,
    String authority,
    String target,
    @Nullable String protocol,
    Headers headers,
    long bodyLength,
    Times times) {
  /**
   * The time limits of a call on its connection, by the loop's clock; ZERO is none. How long the
   * server may take no byte of a request is said for all connections at once: {@link
   * TransportOptions#writeStall()}.
   *
   * @param head from the last byte of the request being handed over to the head of the answer; an
   *     informational head starts it anew
   * @param bodyStall without a byte of the body that somebody waits for
   */
  public record Times(Duration head, Duration bodyStall) {
    /** 30 s each. */
    public static final Times DEFAULT = new Times(Duration.ofSeconds(30), Duration.ofSeconds(30));
  }

  /** Whether a body is announced. */
  public boolean hasBody() {
    return bodyLength != 0;
  }
}
