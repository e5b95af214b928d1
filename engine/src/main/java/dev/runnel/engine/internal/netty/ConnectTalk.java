package dev.runnel.engine.internal.netty;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Asks an HTTP proxy for a tunnel (RFC 9110 9.3.6). */
final class ConnectTalk extends ProxyTalk {
  /**
   * All heads of the answer together, interim ones too; as much as our server takes of a client.
   */
  static final int LONGEST_HEAD = 16 << 10;

  private static final Pattern STATUS_LINE =
      Pattern.compile("HTTP/1\\.[01] ([1-9][0-9][0-9])(?: ([\\t\\x20-\\x7E\\x80-\\xFF]*))?");
  private static final Pattern FIELD_LINE =
      Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+):([\\t\\x20-\\x7E\\x80-\\xFF]*)");
  private static final int LONGEST_QUOTE = 80;

  private final String authority;
  private final @Nullable String credentials;
  private final List<String> schemes = new ArrayList<>();
  private int read;
  private int searched;
  private int status;
  private String reason = "";

  /**
   * @param authority host and port of the server
   * @param user for Basic (RFC 7617), or null
   */
  ConnectTalk(String authority, @Nullable String user, @Nullable String password) {
    this.authority = authority;
    this.credentials = user == null ? null : basic(user, password == null ? "" : password);
  }

  private static String basic(String user, String password) {
    byte[] pair = (user + ':' + password).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }

  @Override
  byte[] opening() {
    StringBuilder head = new StringBuilder("CONNECT ").append(authority).append(" HTTP/1.1\r\n");
    head.append("Host: ").append(authority).append("\r\n");
    if (credentials != null) {
      head.append("Proxy-Authorization: ").append(credentials).append("\r\n");
    }
    return head.append("\r\n").toString().getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  byte[] answer(ByteBuf in) {
    for (String line = line(in); line != null && !isDone(); ) {
      if (status == 0) {
        begin(line);
      } else if (line.isEmpty()) {
        end();
      } else {
        field(line);
      }
      line = isDone() ? null : line(in);
    }
    return NOTHING;
  }

  /** The next line without its end, or null while it is not whole. */
  private @Nullable String line(ByteBuf in) {
    int from = in.readerIndex();
    int end = in.indexOf(from + searched, in.writerIndex(), (byte) '\n');
    int length = (end < 0 ? in.writerIndex() : end + 1) - from;
    if (read + length > LONGEST_HEAD) {
      throw refused("the proxy's answer to CONNECT is longer than " + LONGEST_HEAD + " bytes");
    }
    if (end < 0) {
      searched = length;
      return null;
    }
    searched = 0;
    read += length;
    String line = in.readCharSequence(length, StandardCharsets.ISO_8859_1).toString();
    if (!line.endsWith("\r\n")) {
      throw refused("a line of the proxy's answer to CONNECT ends with LF alone: " + quoted(line));
    }
    return line.substring(0, length - 2);
  }

  private void begin(String line) {
    Matcher matcher = STATUS_LINE.matcher(line);
    if (!matcher.matches()) {
      throw refused("the proxy's answer to CONNECT is not HTTP/1.1: " + quoted(line));
    }
    status = Integer.parseInt(matcher.group(1));
    reason = matcher.group(2) == null ? "" : matcher.group(2);
    if (status == 101) {
      throw refused("the proxy switches protocols (101) when asked to CONNECT");
    }
  }

  private void field(String line) {
    Matcher matcher = FIELD_LINE.matcher(line);
    if (!matcher.matches()) {
      throw refused("the proxy's answer to CONNECT has a broken field: " + quoted(line));
    }
    if (matcher.group(1).equalsIgnoreCase("proxy-authenticate")) {
      schemes.add(matcher.group(2).strip().split("[ ,]", 2)[0]);
    }
  }

  /** Content-Length and Transfer-Encoding of a 2xx say nothing here (RFC 9110 9.3.6). */
  private void end() {
    if (status >= 200 && status < 300) {
      done();
    } else if (status >= 200) {
      throw refused(status == 407 ? unauthenticated() : refusal());
    }
    status = 0;
    schemes.clear();
  }

  private String refusal() {
    String words = reason.isEmpty() ? "" : " " + quoted(reason);
    return "the proxy answered " + status + words + " to CONNECT " + authority;
  }

  private String unauthenticated() {
    if (!schemes.isEmpty()
        && schemes.stream().noneMatch(s -> s.toLowerCase(Locale.ROOT).equals("basic"))) {
      return "the proxy wants authentication (407) by "
          + quoted(String.join(", ", schemes))
          + ", and only Basic is spoken here";
    }
    return credentials == null
        ? "the proxy wants a user name and a password (407), and none are set: name them in its URL"
        : "the proxy does not take the user name and password that are set for it (407)";
  }

  /** A stranger's words for a message: short, and nothing that a terminal would obey. */
  private static String quoted(String text) {
    String shown = text.length() > LONGEST_QUOTE ? text.substring(0, LONGEST_QUOTE) + "…" : text;
    return '\'' + shown.replaceAll("[^\\x20-\\x7E…]", "?") + '\'';
  }
}
