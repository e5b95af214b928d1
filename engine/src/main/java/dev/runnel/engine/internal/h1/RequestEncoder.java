package dev.runnel.engine.internal.h1;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.runnel.engine.internal.link.LoopScratch;
import dev.runnel.engine.internal.syntax.Authority;
import dev.runnel.engine.internal.syntax.Octets;
import dev.runnel.http.Headers;
import dev.runnel.http.Method;
import dev.runnel.transport.CallHead;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/**
 * Writes request heads (RFC 9112 3 to 6). Of what the user set of Host, Connection and the framing
 * only the wishes are honoured: to close, and to upgrade.
 */
final class RequestEncoder extends HeadEncoder {
  private static final byte[] VERSION = ascii(" HTTP/1.1\r\n");
  private static final byte[] CHUNKED = ascii("Transfer-Encoding: chunked\r\n");
  private static final String CONNECTION = "Connection";

  private final RequestTarget target = new RequestTarget();

  /**
   * That the request line and Host can be sent as they are: whoever could put a space or a line end
   * there could send a request of his own.
   *
   * @throws IllegalArgumentException if not
   */
  void check(CallHead head) {
    byte[] text = ascii(head.target() + " ", "target");
    try {
      int end = target.scan(text, 0, text.length);
      if (end != text.length - 1) {
        throw new RejectedException(
            Violation.BAD_TARGET, end <= 0 ? "it is empty" : Octets.name(text[end]) + " in it");
      }
      target.check(text, head.method());
    } catch (RejectedException e) {
      throw new IllegalArgumentException(
          "the target of the request cannot be sent: " + e.getMessage(), e);
    }
    byte[] host = ascii(head.authority(), "authority");
    String flaw = Authority.flaw(host, 0, host.length);
    if (flaw != null) {
      // Not quoted: there may be a password in it.
      throw new IllegalArgumentException(
          "the authority of the request cannot be sent as Host: " + flaw);
    }
    if (head.method().equals(Method.CONNECT) && head.hasBody()) {
      throw new IllegalArgumentException("CONNECT has no body (RFC 9110 9.3.6): announce none");
    }
  }

  private static byte[] ascii(String text, String place) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 0x7F) {
        throw new IllegalArgumentException(
            String.format(
                "the %s of the request has U+%04X at index %d, which must be encoded",
                place, (int) text.charAt(i), i));
      }
    }
    return text.getBytes(ISO_8859_1);
  }

  /** A head that was checked. */
  void head(ByteBuf out, LoopScratch scratch, CallHead head) {
    Headers headers = head.headers();
    String method = head.method().name();
    begin(scratch, headers, method.length() + head.target().length() + head.authority().length());
    put(method);
    space();
    put(head.target());
    put(VERSION);
    field("Host", head.authority());
    boolean upgrade = asksUpgrade(headers);
    boolean trailers = headers.hasToken("TE", "trailers");
    fields(headers, upgrade, trailers);
    options(headers.hasToken(CONNECTION, "close"), upgrade, trailers);
    framing(head);
    end(out);
  }

  /** Whether another protocol is asked for (RFC 9110 7.8). */
  static boolean asksUpgrade(Headers headers) {
    return headers.hasToken(CONNECTION, "upgrade") && headers.contains("Upgrade");
  }

  private void fields(Headers headers, boolean upgrade, boolean trailers) {
    for (int i = 0; i < headers.size(); i++) {
      String name = headers.name(i);
      boolean ours =
          switch (name.length()) {
            case 2 -> !trailers && name.equalsIgnoreCase("TE");
            case 4 -> name.equalsIgnoreCase("Host");
            case 7 -> !upgrade && name.equalsIgnoreCase("Upgrade");
            case 16 -> name.equalsIgnoreCase("Proxy-Connection");
            default -> isFraming(name);
          };
      if (!ours) {
        field(name, headers.value(i));
      }
    }
  }

  /** Upgrade and TE are for the next hop only, and must be named here (RFC 9110 7.8, 10.1.4). */
  private void options(boolean close, boolean upgrade, boolean trailers) {
    String options = join(close ? "close" : null, upgrade ? "Upgrade" : null);
    options = join(options, trailers ? "TE" : null);
    if (options != null) {
      field(CONNECTION, options);
    }
  }

  private static @Nullable String join(@Nullable String first, @Nullable String second) {
    return first == null || second == null ? first == null ? second : first : first + ", " + second;
  }

  private void framing(CallHead head) {
    if (head.bodyLength() < 0) {
      put(CHUNKED);
    } else if (head.bodyLength() > 0 || anticipatesBody(head.method())) {
      contentLength(head.bodyLength());
    }
  }

  /** Of these a server expects a body, and wants to hear that there is none (RFC 9110 8.6). */
  private static boolean anticipatesBody(Method method) {
    return method.equals(Method.POST) || method.equals(Method.PUT) || method.equals(Method.PATCH);
  }
}
