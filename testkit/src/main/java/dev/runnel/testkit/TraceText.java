package dev.runnel.testkit;

import dev.runnel.io.Bytes;
import dev.runnel.memory.Trace;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What arrived on the wires, for people: text as text, HTTP/2 as frames. */
final class TraceText {
  private static final int SHOWN = 200;
  private static final int LINES = 120;
  private static final byte[] PREFACE = "PRI * HTTP/2.0".getBytes(StandardCharsets.US_ASCII);

  private final StringBuilder text = new StringBuilder();
  private final Map<String, FrameLines> http2 = new HashMap<>();

  private TraceText() {}

  static String of(Trace trace) {
    TraceText made = new TraceText();
    List<Trace.Event> events = trace.events();
    int skipped = Math.max(0, events.size() - LINES);
    for (int i = 0; i < events.size(); i++) {
      made.line(events.get(i), i >= skipped);
    }
    long unseen = trace.dropped() + skipped;
    return (unseen == 0 ? "" : "(" + unseen + " earlier events)\n") + made.text;
  }

  private void line(Trace.Event event, boolean shown) {
    String body =
        switch (event.kind()) {
          case OPENED -> "connected";
          case END -> "end";
          case RESET -> "reset";
          case BYTES -> bytes(event);
        };
    if (shown) {
      long millis = event.nanos() / 1_000_000;
      text.append(
              String.format(
                  "%,d.%03d s  #%d %s ",
                  millis / 1000, millis % 1000, event.connection(), event.toServer() ? "->" : "<-"))
          .append(body)
          .append('\n');
    }
  }

  private String bytes(Trace.Event event) {
    Bytes bytes = event.bytes();
    String lane = event.connection() + (event.toServer() ? ">" : "<");
    if (event.toServer() && startsWithPreface(bytes)) {
      http2.put(event.connection() + ">", new FrameLines(24));
      http2.put(event.connection() + "<", new FrameLines(0));
    }
    FrameLines frames = http2.get(lane);
    String what = frames != null ? frames.add(bytes) : shown(bytes);
    return bytes.length() + " bytes: " + what;
  }

  private static boolean startsWithPreface(Bytes bytes) {
    if (bytes.length() < PREFACE.length) {
      return false;
    }
    for (int i = 0; i < PREFACE.length; i++) {
      if (bytes.get(i) != PREFACE[i]) {
        return false;
      }
    }
    return true;
  }

  static String shown(Bytes bytes) {
    StringBuilder shown = new StringBuilder();
    int length = Math.min(SHOWN, bytes.length());
    for (int i = 0; i < length; i++) {
      int c = bytes.get(i) & 0xff;
      switch (c) {
        case '\r' -> shown.append("\\r");
        case '\n' -> shown.append("\\n");
        case '\t' -> shown.append("\\t");
        default -> {
          if (c >= 0x20 && c < 0x7f) {
            shown.append((char) c);
          } else {
            shown.append(String.format("\\x%02x", c));
          }
        }
      }
    }
    return length < bytes.length() ? shown.append("...").toString() : shown.toString();
  }

  /** The frames that begin in each piece (RFC 9113 4.1). */
  private static final class FrameLines {
    private static final String[] TYPES = {
      "DATA",
      "HEADERS",
      "PRIORITY",
      "RST_STREAM",
      "SETTINGS",
      "PUSH_PROMISE",
      "PING",
      "GOAWAY",
      "WINDOW_UPDATE",
      "CONTINUATION"
    };

    private final byte[] header = new byte[9];
    private int skip;
    private int have;

    FrameLines(int preface) {
      skip = preface;
    }

    String add(Bytes bytes) {
      StringBuilder line = new StringBuilder();
      if (skip == 24) {
        line.append("preface ");
      }
      for (int i = 0; i < bytes.length(); i++) {
        if (skip > 0) {
          skip--;
        } else {
          header[have++] = bytes.get(i);
          if (have == header.length) {
            have = 0;
            skip = (header[0] & 0xff) << 16 | (header[1] & 0xff) << 8 | (header[2] & 0xff);
            line.append(frame()).append(' ');
          }
        }
      }
      return line.length() == 0 ? "(more of a frame)" : line.toString().strip();
    }

    private String frame() {
      int type = header[3] & 0xff;
      int flags = header[4] & 0xff;
      int stream =
          (header[5] & 0x7f) << 24
              | (header[6] & 0xff) << 16
              | (header[7] & 0xff) << 8
              | (header[8] & 0xff);
      String name = type < TYPES.length ? TYPES[type] : "type " + type;
      return "["
          + name
          + " stream "
          + stream
          + ", "
          + skip
          + " bytes"
          + (flags == 0 ? "" : String.format(", flags %02x", flags))
          + "]";
    }
  }
}
