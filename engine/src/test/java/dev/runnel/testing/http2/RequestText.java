package dev.runnel.testing.http2;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Cuts the text of HTTP/1.1 requests into what another version carries. Only what is well-formed:
 * what is wrong with the text of a request has no meaning there.
 */
final class RequestText {
  /** Takes what was cut. */
  interface Sink {
    void head(Head head);

    void data(byte[] bytes);

    void end(List<Field> trailers);

    /** Whether the last request still has the connection for itself, or hopes for it. */
    boolean tunnels();
  }

  /** The head of a request. */
  record Head(String method, String target, List<Field> fields) {
    /** The value of a field, or null. */
    @Nullable String value(String name) {
      for (Field field : fields) {
        if (field.name().equals(name)) {
          return field.value();
        }
      }
      return null;
    }

    /** Whether what follows is no request any more, if the server agrees. */
    boolean asksForConnection() {
      return method.equals("CONNECT") || value("upgrade") != null;
    }
  }

  private enum State {
    HEAD,
    BODY,
    CHUNK_SIZE,
    CHUNK,
    CHUNK_END,
    TRAILERS,
    TUNNEL
  }

  private final Sink sink;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private final List<String> lines = new ArrayList<>();
  private State state = State.HEAD;
  private long left;

  RequestText(Sink sink) {
    this.sink = sink;
  }

  void add(byte[] bytes) {
    int at = 0;
    while (at < bytes.length) {
      if (state == State.TUNNEL && !sink.tunnels()) {
        state = State.HEAD;
      }
      at =
          switch (state) {
            case BODY, CHUNK -> cutData(bytes, at, (int) Math.min(left, bytes.length - at));
            case TUNNEL -> cutData(bytes, at, bytes.length - at);
            default -> cutLine(bytes, at);
          };
    }
  }

  /** Forgets what was begun: the next byte is the first of a request. */
  void restart() {
    state = State.HEAD;
    line.reset();
    lines.clear();
  }

  private int cutData(byte[] bytes, int from, int count) {
    sink.data(java.util.Arrays.copyOfRange(bytes, from, from + count));
    if (state != State.TUNNEL) {
      left -= count;
      if (left == 0) {
        endData();
      }
    }
    return from + count;
  }

  private void endData() {
    if (state == State.CHUNK) {
      state = State.CHUNK_END;
    } else {
      end();
    }
  }

  private int cutLine(byte[] bytes, int from) {
    for (int at = from; at < bytes.length; at++) {
      if (bytes[at] == '\n') {
        line.write(bytes, from, at - from);
        String text = line.toString(StandardCharsets.ISO_8859_1);
        line.reset();
        if (!text.endsWith("\r")) {
          throw new IllegalArgumentException("a line without CR has no translation: " + text);
        }
        take(text.substring(0, text.length() - 1));
        return at + 1;
      }
    }
    line.write(bytes, from, bytes.length - from);
    return bytes.length;
  }

  private void take(String text) {
    switch (state) {
      case HEAD -> takeHeadLine(text);
      case CHUNK_SIZE -> {
        left = Long.parseLong(text.replaceFirst(";.*", ""), 16);
        state = left == 0 ? State.TRAILERS : State.CHUNK;
      }
      case CHUNK_END -> state = State.CHUNK_SIZE;
      default -> {
        if (text.isEmpty()) {
          end();
        } else {
          lines.add(text);
        }
      }
    }
  }

  private void takeHeadLine(String text) {
    if (!text.isEmpty()) {
      lines.add(text);
    } else if (!lines.isEmpty()) {
      String[] parts = lines.get(0).split(" ", -1);
      if (parts.length != 3 || !parts[2].equals("HTTP/1.1")) {
        throw new IllegalArgumentException("this belongs on HTTP/1 only: " + lines.get(0));
      }
      List<Field> fields = lines.stream().skip(1).map(RequestText::field).toList();
      lines.clear();
      Head head = new Head(parts[0], parts[1], fields);
      sink.head(head);
      beginBody(head);
    }
  }

  private void beginBody(Head head) {
    String length = head.value("content-length");
    if (head.value("transfer-encoding") != null) {
      state = State.CHUNK_SIZE;
    } else if (length != null && Long.parseLong(length) > 0) {
      left = Long.parseLong(length);
      state = State.BODY;
    } else if (head.asksForConnection()) {
      state = State.TUNNEL;
    } else {
      end();
    }
  }

  private static Field field(String text) {
    int colon = text.indexOf(':');
    if (colon <= 0) {
      throw new IllegalArgumentException("not a field that HTTP/2 can carry: '" + text + "'");
    }
    String name = text.substring(0, colon).toLowerCase(Locale.ROOT);
    return new Field(name, text.substring(colon + 1).strip());
  }

  private void end() {
    state = State.HEAD;
    List<Field> trailers = lines.stream().map(RequestText::field).toList();
    lines.clear();
    sink.end(trailers);
  }
}
