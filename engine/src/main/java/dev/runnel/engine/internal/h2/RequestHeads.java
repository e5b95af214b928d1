package dev.runnel.engine.internal.h2;

import dev.runnel.engine.internal.syntax.Authority;
import dev.runnel.engine.internal.syntax.TargetOctets;
import dev.runnel.http.Headers;
import dev.runnel.http.Method;
import dev.runnel.transport.CallHead;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Checks and writes the header blocks of requests (RFC 9113 8.3.1). */
final class RequestHeads {
  /** RFC 9113 6.5.2: what each field counts above its bytes. */
  private static final int FIELD_OVERHEAD = 32;

  private static final int MOST_PSEUDO = 5;

  private RequestHeads() {}

  /** Whether it is CONNECT as of RFC 9113 8.5, which has neither scheme nor path. */
  static boolean isTunnel(CallHead head) {
    return head.method().equals(Method.CONNECT) && head.protocol() == null;
  }

  /** Whether the stream becomes bytes of another protocol if the server agrees. */
  static boolean asksForStream(CallHead head) {
    return head.method().equals(Method.CONNECT);
  }

  /**
   * Checks what no other layer has checked.
   *
   * @throws IllegalArgumentException if it cannot be sent as it is
   */
  static void check(CallHead head) {
    boolean tunnel = isTunnel(head);
    String where = tunnel ? head.target() : head.authority();
    byte[] authority = where.getBytes(StandardCharsets.ISO_8859_1);
    String flaw =
        tunnel
            ? Authority.tunnelFlaw(authority, 0, authority.length)
            : Authority.flaw(authority, 0, authority.length);
    require(flaw == null && isLatin(where), "authority '" + where + "' of the request: " + flaw);
    if (!tunnel) {
      checkTarget(head);
    }
    require(
        head.protocol() == null || asksForStream(head),
        "a request with :protocol must be CONNECT (RFC 8441 4), not " + head.method());
    boolean known = head.scheme().equals("http") || head.scheme().equals("https");
    require(known, "scheme of the request must be http or https: '" + head.scheme() + "'");
  }

  private static void checkTarget(CallHead head) {
    String target = head.target();
    if (target.equals("*") && head.method().equals(Method.OPTIONS)) {
      return;
    }
    require(target.startsWith("/"), "target '" + target + "' of the request must begin with '/'");
    byte[] bytes = target.getBytes(StandardCharsets.ISO_8859_1);
    String flaw = TargetOctets.flaw(bytes, 0, bytes.length);
    require(flaw == null && isLatin(target), "target '" + target + "' of the request: " + flaw);
  }

  private static boolean isLatin(String text) {
    return text.chars().allMatch(c -> c < 0x7F);
  }

  private static void require(boolean holds, String rule) {
    if (!holds) {
      throw new IllegalArgumentException(rule);
    }
  }

  /** The size of the header list as the peer's limit counts it (RFC 9113 6.5.2). */
  static long listSize(CallHead head) {
    Headers headers = head.headers();
    long size = (long) FIELD_OVERHEAD * (MOST_PSEUDO + 1 + headers.size());
    size += head.authority().length() + head.target().length() + head.method().name().length();
    for (int i = 0; i < headers.size(); i++) {
      size += headers.name(i).length() + headers.value(i).length();
    }
    return size;
  }

  /** Writes the head. */
  static void write(Http2Stream stream, CallHead head, boolean end) {
    Http2Connection connection = stream.connection;
    HpackEncoder hpack = connection.hpack();
    Headers headers = head.headers();
    String protocol = head.protocol();
    int names =
        head.method().name().length()
            + head.authority().length()
            + head.target().length()
            + (protocol == null ? 0 : protocol.length());
    int most = Frame.HEADER + 128 + names + HpackEncoder.most(headers);
    byte[] block = connection.link().scratch().output(most);
    hpack.begin(block, Frame.HEADER);
    boolean tunnel = isTunnel(head);
    hpack.request(
        head.method().name(),
        head.scheme(),
        tunnel ? head.target() : head.authority(),
        tunnel ? null : head.target());
    if (protocol != null) {
      hpack.field(FieldName.PROTOCOL, protocol);
    }
    fields(hpack, headers);
    if (saysLength(head)) {
      hpack.contentLength(head.bodyLength());
    }
    connection.writer().headers(stream.id, block, hpack.end(), end);
    stream.sentHeaders(end);
  }

  /** Host is {@code :authority}, and of TE only one value has a meaning (RFC 9113 8.2.2). */
  private static void fields(HpackEncoder hpack, Headers headers) {
    boolean takesTrailers = false;
    for (int i = 0; i < headers.size(); i++) {
      FieldName name = FieldName.of(headers.name(i));
      switch (name.text) {
        case "host" -> {
          // said already
        }
        case "te" -> takesTrailers |= headers.hasToken("te", "trailers");
        default -> {
          if (!name.leftOut) {
            hpack.field(name, headers.value(i));
          }
        }
      }
    }
    if (takesTrailers) {
      hpack.field(FieldName.of("te"), "trailers");
    }
  }

  /** RFC 9110 8.6: a method that is about its content says that there is none. */
  private static boolean saysLength(CallHead head) {
    Method method = head.method();
    boolean meansContent =
        method.equals(Method.POST) || method.equals(Method.PUT) || method.equals(Method.PATCH);
    return head.bodyLength() > 0 || (head.bodyLength() == 0 && meansContent);
  }

  /** The call for messages, without its query, which may be secret. */
  static String name(CallHead head) {
    String target = head.target();
    int question = target.indexOf('?');
    String path = question < 0 ? target : target.substring(0, question);
    String where = isTunnel(head) ? path : head.scheme() + "://" + head.authority() + path;
    return head.method() + " " + where;
  }

  /** Content as a promise of the server's has none (RFC 9113 8.4). */
  static @Nullable String promiseFlaw(Http2Head promised, CallHead asked) {
    if (!promised.method().equals(Method.GET) && !promised.method().equals(Method.HEAD)) {
      return "a promise of " + promised.method() + ", which is not safe and cacheable";
    }
    if (!promised.authority().equalsIgnoreCase(asked.authority())
        || !asked.scheme().equals(promised.scheme())) {
      return "a promise for " + promised.authority() + ", for which the server does not speak";
    }
    return null;
  }
}
