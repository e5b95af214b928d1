package dev.runnel.testing.http2;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Tells an answer of HTTP/2 in the text of HTTP/1.1: with its Content-Length if it has one, else in
 * chunks. Judges on the way whether it is a well-formed answer (RFC 9113 8.1 to 8.3.2).
 */
final class AnswerText {
  /** RFC 9113 8.2.2. */
  private static final Set<String> OF_A_CONNECTION =
      Set.of("connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade", "te");

  private final RequestText.Head request;
  private final ByteArrayOutputStream text = new ByteArrayOutputStream();
  private int status;
  private long declared = -1;
  private long received;
  private boolean chunked;
  private boolean ended;

  AnswerText(RequestText.Head request) {
    this.request = request;
  }

  /** The status of the final head; 0 before it came. */
  int status() {
    return status;
  }

  boolean isEnded() {
    return ended;
  }

  /** Whether this answer has given its stream to another protocol. */
  boolean isTunnel() {
    return request.asksForConnection() && status / 100 == 2;
  }

  /** Moves what was told since. */
  void drainTo(ByteArrayOutputStream out) {
    if (text.size() > 0) {
      out.writeBytes(text.toByteArray());
      text.reset();
    }
  }

  void headers(List<Field> fields, boolean end) {
    judge(fields);
    if (status == 0) {
      head(fields, end);
    } else {
      trailers(fields, end);
    }
  }

  private static void judge(List<Field> fields) {
    for (Field field : fields) {
      String name = field.name();
      check(!OF_A_CONNECTION.contains(name), "a field of a connection: " + field);
      check(name.equals(name.toLowerCase(Locale.ROOT)), "a name not in lower case: " + field);
    }
  }

  private void head(List<Field> fields, boolean end) {
    check(!fields.isEmpty() && fields.get(0).name().equals(":status"), "a head without :status");
    List<Field> rest = fields.subList(1, fields.size());
    judgeRegular(rest);
    int code = Integer.parseInt(fields.get(0).value());
    boolean informational = code / 100 == 1;
    check(!(informational && end), "an informational head that ends the stream");
    check(code != 101, "101, which HTTP/2 does not have (RFC 9113 8.6)");
    line("HTTP/1.1 " + code + " " + HttpResponseStatus.valueOf(code).reasonPhrase());
    tell(rest);
    if (!informational) {
      status = code;
      frame(rest);
    }
    line("");
    if (end) {
      end();
    }
  }

  private static void judgeRegular(List<Field> fields) {
    for (Field field : fields) {
      check(!field.name().startsWith(":"), "a pseudo-header field out of place: " + field);
    }
  }

  /** How the body would stand on HTTP/1.1. */
  private void frame(List<Field> fields) {
    for (Field field : fields) {
      if (field.name().equals("content-length")) {
        check(declared < 0, "Content-Length twice");
        declared = Long.parseLong(field.value());
      }
    }
    check(declared < 0 || !isTunnel(), "Content-Length in front of a tunnel (RFC 9110 9.3.6)");
    chunked = declared < 0 && !hasNoBody();
    if (chunked) {
      line("Transfer-Encoding: chunked");
    }
  }

  private boolean hasNoBody() {
    return request.method().equals("HEAD") || status == 204 || status == 304 || isTunnel();
  }

  private void trailers(List<Field> fields, boolean end) {
    check(end, "a second head that does not end the stream");
    check(!ended, "a head behind the end");
    check(chunked, "trailers that the text of this answer has no place for");
    judgeRegular(fields);
    line("0");
    tell(fields);
    line("");
    ended = true;
  }

  void data(byte[] bytes, boolean end) {
    check(status != 0, "DATA before the head");
    check(!ended, "DATA behind the end");
    check(!hasNoBody() || isTunnel() || bytes.length == 0, "DATA where there is no body");
    received += bytes.length;
    check(declared < 0 || received <= declared, "more DATA than Content-Length says");
    if (bytes.length > 0 && chunked) {
      line(Integer.toHexString(bytes.length));
      text.writeBytes(bytes);
      line("");
    } else {
      text.writeBytes(bytes);
    }
    if (end) {
      end();
    }
  }

  private void end() {
    boolean whole = declared < 0 || hasNoBody() || received == declared;
    check(whole, "an end after " + received + " of " + declared + " bytes of Content-Length");
    if (chunked) {
      line("0");
      line("");
    }
    ended = true;
  }

  private void tell(List<Field> fields) {
    fields.forEach(field -> line(capitalized(field.name()) + ": " + field.value()));
  }

  /** Names as HTTP/1.1 commonly writes them: tests look for them so. */
  private static String capitalized(String name) {
    return Arrays.stream(name.split("-", -1))
        .map(
            part ->
                part.isEmpty()
                    ? part
                    : part.substring(0, 1).toUpperCase(Locale.ROOT) + part.substring(1))
        .collect(Collectors.joining("-"));
  }

  private void line(String content) {
    text.writeBytes((content + "\r\n").getBytes(StandardCharsets.ISO_8859_1));
  }

  private static void check(boolean good, String complaint) {
    if (!good) {
      throw new ProtocolViolation("the server sent " + complaint);
    }
  }
}
