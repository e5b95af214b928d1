package dev.runnel.engine.internal.h2;

import dev.runnel.engine.Limits;
import dev.runnel.engine.internal.syntax.Octets;
import dev.runnel.http.HeaderBlock;
import io.netty.handler.codec.http2.DefaultHttp2Headers;
import io.netty.handler.codec.http2.Http2Headers;
import io.netty.util.AsciiString;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The fields of one header block as the decoder of HPACK finds them: held to the rules of RFC 9113
 * 8.2 and 8.3 one by one, and laid down as bytes. One for all connections of a loop; what it holds
 * is good until the next block.
 */
@SuppressWarnings("serial") // a sink for Netty's decoder, never stored
final class HeaderFields extends DefaultHttp2Headers {
  private static final boolean[] NAME =
      Octets.table("0123456789abcdefghijklmnopqrstuvwxyz!#$%&'*+-.^_`|~");
  private static final AsciiString JOINT = AsciiString.cached("; ");
  private static final AsciiString HOST = AsciiString.cached("host");
  private static final long NO_LENGTH = -1;

  private final Limits limits;
  private byte[] bytes = new byte[1024];
  private int used;
  private int[] index = new int[HeaderBlock.STRIDE * 32];
  private int count;
  private int cookies;
  private int host;
  private boolean regular;
  private long contentLength;
  private @Nullable String flaw;
  private boolean tooMany;
  private boolean badExpectation;
  private boolean expectContinue;

  @Nullable String method;
  @Nullable String scheme;
  @Nullable String authority;
  @Nullable String path;
  @Nullable String protocol;
  @Nullable String status;
  @Nullable String priority;

  HeaderFields(Limits limits) {
    super(false);
    this.limits = limits;
  }

  /** Forgets the block before. */
  HeaderFields begin() {
    used = 0;
    count = 0;
    cookies = 0;
    host = -1;
    regular = false;
    contentLength = NO_LENGTH;
    flaw = null;
    tooMany = false;
    badExpectation = false;
    expectContinue = false;
    method = scheme = authority = path = protocol = status = priority = null;
    return this;
  }

  @Override
  public Http2Headers add(CharSequence name, CharSequence value) {
    if (flaw == null && !tooMany) {
      take((AsciiString) name, (AsciiString) value);
    }
    return this;
  }

  @Override
  public int size() {
    return count;
  }

  private void take(AsciiString name, AsciiString value) {
    if (name.length() > 0 && name.byteAt(0) == ':') {
      pseudo(name, value);
      return;
    }
    regular = true;
    if (count == limits.headerFields()) {
      tooMany = true;
      return;
    }
    int start = used;
    lay(name);
    int middle = used;
    lay(value);
    if (!isName(start, middle)) {
      flaw = "bad field name " + Octets.quote(bytes, start, middle);
    } else if (!isValue(middle, used)) {
      flaw = "bad value of field " + Octets.quote(bytes, start, middle);
    } else {
      known(start, middle);
      if (flaw == null) {
        note(start, middle);
      }
    }
  }

  private void pseudo(AsciiString name, AsciiString value) {
    if (regular) {
      flaw = name + " behind a regular field";
      return;
    }
    String text = value.toString();
    boolean first =
        switch (name.toString()) {
          case ":method" -> method == null;
          case ":scheme" -> scheme == null;
          case ":authority" -> authority == null;
          case ":path" -> path == null;
          case ":protocol" -> protocol == null;
          case ":status" -> status == null;
          default -> false;
        };
    if (!first) {
      flaw =
          "unknown or repeated pseudo-header "
              + Octets.quote(name.array(), name.arrayOffset(), name.arrayOffset() + name.length());
      return;
    }
    switch (name.toString()) {
      case ":method" -> method = text;
      case ":scheme" -> scheme = text;
      case ":authority" -> authority = text;
      case ":path" -> path = text;
      case ":status" -> status = text;
      default -> protocol = text;
    }
  }

  private void lay(AsciiString text) {
    int length = text.length();
    if (used + length > bytes.length) {
      bytes = Arrays.copyOf(bytes, Math.max(used + length, 2 * bytes.length));
    }
    System.arraycopy(text.array(), text.arrayOffset(), bytes, used, length);
    used += length;
  }

  private void note(int start, int middle) {
    int at = HeaderBlock.STRIDE * count;
    if (at == index.length) {
      index = Arrays.copyOf(index, 2 * at);
    }
    index[at] = start;
    index[at + 1] = middle;
    index[at + 2] = middle;
    index[at + 3] = used;
    count++;
  }

  private boolean isName(int from, int until) {
    for (int i = from; i < until; i++) {
      if (!NAME[bytes[i] & 0xFF]) {
        return false;
      }
    }
    return until > from;
  }

  /** RFC 9113 8.2.1, and as in HTTP/1.1 no other control either. */
  private boolean isValue(int from, int until) {
    return Octets.valueEnd(bytes, from, until) == until
        && (from == until || (!Octets.isSpace(bytes[from]) && !Octets.isSpace(bytes[until - 1])));
  }

  /** What a field means to the engine. */
  private void known(int start, int middle) {
    switch (middle - start) {
      case 2 -> {
        if (is("te", start) && !Octets.spells("trailers", bytes, middle, used)) {
          flaw = "te other than trailers";
        }
      }
      case 4 -> {
        if (is("host", start)) {
          flaw = host < 0 ? null : "several host fields";
          host = count;
        }
      }
      case 6 -> {
        if (is("cookie", start)) {
          cookies++;
        } else if (is("expect", start)) {
          expectContinue = Octets.spells("100-continue", bytes, middle, used);
          badExpectation |= !expectContinue;
        }
      }
      case 7 -> refuse("upgrade", start);
      case 8 -> {
        if (is("priority", start)) {
          priority = text(middle, used);
        }
      }
      case 10 -> {
        refuse("connection", start);
        refuse("keep-alive", start);
      }
      case 14 -> {
        if (is("content-length", start)) {
          contentLength(middle);
        }
      }
      case 16 -> refuse("proxy-connection", start);
      case 17 -> refuse("transfer-encoding", start);
      default -> {
        // the user's business
      }
    }
  }

  private boolean is(String name, int start) {
    return Octets.spells(name, bytes, start);
  }

  /** Fields of a connection have no meaning here (RFC 9113 8.2.2). */
  private void refuse(String name, int start) {
    if (is(name, start)) {
      flaw = "field " + name + " belongs to HTTP/1.1";
    }
  }

  private void contentLength(int from) {
    if (contentLength != NO_LENGTH) {
      flaw = "several content-length fields";
      return;
    }
    long length = from == used ? NO_LENGTH : 0;
    for (int i = from; i < used && length >= 0; i++) {
      int digit = bytes[i] - '0';
      boolean fits = length <= (Long.MAX_VALUE - digit) / 10;
      length = Octets.isDigit(bytes[i]) && fits ? length * 10 + digit : NO_LENGTH;
    }
    if (length < 0) {
      flaw = "bad content-length " + Octets.quote(bytes, from, used);
    }
    contentLength = length;
  }

  private String text(int from, int until) {
    return new String(bytes, from, until - from, java.nio.charset.StandardCharsets.ISO_8859_1);
  }

  // --- what came of it ---

  /** What makes the message malformed (RFC 9113 8.1.1), or null. */
  @Nullable String flaw() {
    return flaw;
  }

  /** Whether there are more fields than the limit. */
  boolean areTooMany() {
    return tooMany;
  }

  /** Whether the client expects what nobody knows. */
  boolean hasBadExpectation() {
    return badExpectation;
  }

  boolean expectsContinue() {
    return expectContinue;
  }

  /** The declared length of the content, or -1. */
  long contentLength() {
    return contentLength;
  }

  /** Whether a pseudo-header stands there, which a trailer section must not have. */
  boolean hasPseudo() {
    return status != null || hasPseudoOfRequest();
  }

  /** Whether a pseudo-header stands there that no answer has. */
  boolean hasPseudoOfRequest() {
    return method != null
        || scheme != null
        || authority != null
        || path != null
        || protocol != null;
  }

  /** The value of the host field, or null. */
  @Nullable String host() {
    if (host < 0) {
      return null;
    }
    int at = HeaderBlock.STRIDE * host;
    return text(index[at + 2], index[at + 3]);
  }

  int count() {
    return count;
  }

  String name(int field) {
    int at = HeaderBlock.STRIDE * field;
    return text(index[at], index[at + 1]);
  }

  /**
   * The fields on storage of their own. Several cookie fields become one (RFC 9113 8.2.3).
   *
   * @param hostToAdd a host field that HTTP/1.1 would have had, so that handlers find one; or null
   */
  HeaderBlock toBlock(@Nullable String hostToAdd) {
    if (cookies > 1) {
      joinCookies();
    }
    if (hostToAdd != null) {
      int start = used;
      lay(HOST);
      int middle = used;
      lay(new AsciiString(hostToAdd));
      note(start, middle);
    }
    return new HeaderBlock(
        Arrays.copyOf(bytes, used), Arrays.copyOf(index, HeaderBlock.STRIDE * count), count);
  }

  private void joinCookies() {
    int first = -1;
    int kept = 0;
    int start = used;
    for (int field = 0; field < count; field++) {
      int at = HeaderBlock.STRIDE * field;
      boolean cookie = index[at + 1] - index[at] == 6 && is("cookie", index[at]);
      if (cookie && first >= 0) {
        lay(JOINT);
        layAgain(index[at + 2], index[at + 3]);
        continue;
      }
      if (cookie) {
        first = kept;
        layAgain(index[at + 2], index[at + 3]);
      }
      System.arraycopy(index, at, index, HeaderBlock.STRIDE * kept, HeaderBlock.STRIDE);
      kept++;
    }
    index[HeaderBlock.STRIDE * first + 2] = start;
    index[HeaderBlock.STRIDE * first + 3] = used;
    count = kept;
  }

  private void layAgain(int from, int until) {
    lay(new AsciiString(bytes, from, until - from, true));
  }
}
