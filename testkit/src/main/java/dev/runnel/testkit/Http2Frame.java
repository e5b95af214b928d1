package dev.runnel.testkit;

import dev.runnel.io.Bytes;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A frame of HTTP/2 (RFC 9113 4.1), well-formed or not.
 *
 * @param type see the constants; others are unknown types
 * @param flags see the constants
 * @param stream its stream; 0 is the connection
 * @param payload all behind the nine octets of the frame header; of HEADERS that came in several
 *     frames, the whole block
 * @param fields of HEADERS that came: names and values in turn, decoded; else empty
 */
public record Http2Frame(int type, int flags, int stream, Bytes payload, List<String> fields) {
  /** DATA. */
  public static final int DATA = 0x0;

  /** HEADERS. */
  public static final int HEADERS = 0x1;

  /** PRIORITY. */
  public static final int PRIORITY = 0x2;

  /** RST_STREAM. */
  public static final int RST_STREAM = 0x3;

  /** SETTINGS. */
  public static final int SETTINGS = 0x4;

  /** PUSH_PROMISE. */
  public static final int PUSH_PROMISE = 0x5;

  /** PING. */
  public static final int PING = 0x6;

  /** GOAWAY. */
  public static final int GOAWAY = 0x7;

  /** WINDOW_UPDATE. */
  public static final int WINDOW_UPDATE = 0x8;

  /** CONTINUATION. */
  public static final int CONTINUATION = 0x9;

  /** Of DATA and HEADERS: nothing follows on the stream. */
  public static final int END_STREAM = 0x1;

  /** Of SETTINGS and PING: an answer. */
  public static final int ACK = 0x1;

  /** Of HEADERS and CONTINUATION: the block ends. */
  public static final int END_HEADERS = 0x4;

  /** Of DATA and HEADERS: a length of padding comes first. */
  public static final int PADDED = 0x8;

  /** Of HEADERS: a priority comes first. */
  public static final int PRIORITIZED = 0x20;

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
  private static final String[] ERRORS = {
    "NO_ERROR",
    "PROTOCOL_ERROR",
    "INTERNAL_ERROR",
    "FLOW_CONTROL_ERROR",
    "SETTINGS_TIMEOUT",
    "STREAM_CLOSED",
    "FRAME_SIZE_ERROR",
    "REFUSED_STREAM",
    "CANCEL",
    "COMPRESSION_ERROR",
    "CONNECT_ERROR",
    "ENHANCE_YOUR_CALM",
    "INADEQUATE_SECURITY",
    "HTTP_1_1_REQUIRED"
  };
  private static final int SHOWN = 40;

  /** Copies the list of fields. */
  public Http2Frame {
    fields = List.copyOf(fields);
  }

  static Http2Frame of(int type, int flags, int stream, byte[] payload) {
    return new Http2Frame(type, flags, stream, Bytes.copyOf(payload), List.of());
  }

  static String typeName(int type) {
    return type < TYPES.length ? TYPES[type] : "type 0x" + Integer.toHexString(type);
  }

  static String errorName(int code) {
    return code >= 0 && code < ERRORS.length
        ? ERRORS[code]
        : "error 0x" + Integer.toHexString(code);
  }

  /** Whether a flag is set. */
  public boolean has(int flag) {
    return (flags & flag) != 0;
  }

  /** Whether it ends its stream, as DATA and HEADERS can. */
  public boolean isLast() {
    return (type == DATA || type == HEADERS) && has(END_STREAM);
  }

  /** Whether it answers SETTINGS or a PING. */
  public boolean isAck() {
    return (type == SETTINGS || type == PING) && has(ACK);
  }

  /** The error code of RST_STREAM or GOAWAY (RFC 9113 7). */
  public int errorCode() {
    if (type != RST_STREAM && type != GOAWAY) {
      throw new IllegalStateException("only RST_STREAM and GOAWAY have a code: " + this);
    }
    return intAt(type == GOAWAY ? 4 : 0);
  }

  /** The last stream that GOAWAY says was or will be worked on. */
  public int lastStream() {
    require(GOAWAY);
    return intAt(0) & 0x7fffffff;
  }

  /** What GOAWAY says to people. */
  public String debugText() {
    require(GOAWAY);
    return payload.slice(8, payload.length()).utf8();
  }

  /** How much WINDOW_UPDATE allows more. */
  public int increment() {
    require(WINDOW_UPDATE);
    return intAt(0) & 0x7fffffff;
  }

  /** The eight octets of PING. */
  public long pingData() {
    require(PING);
    return payload.asByteBuffer().getLong(0);
  }

  /** What SETTINGS say: values by identifier (RFC 9113 6.5.2). */
  public Map<Integer, Long> settings() {
    require(SETTINGS);
    Map<Integer, Long> values = new LinkedHashMap<>();
    ByteBuffer in = payload.asByteBuffer();
    while (in.remaining() >= 6) {
      int id = Short.toUnsignedInt(in.getShort());
      values.put(id, Integer.toUnsignedLong(in.getInt()));
    }
    return values;
  }

  /** The content of DATA or HEADERS, without padding and priority. */
  public Bytes content() {
    int from = has(PADDED) && (type == DATA || type == HEADERS) ? 1 : 0;
    int padding = from == 0 ? 0 : payload.get(0) & 0xff;
    if (type == HEADERS && has(PRIORITIZED)) {
      from += 5;
    }
    if (from + padding > payload.length()) {
      throw new IllegalStateException("more padding than payload: " + this);
    }
    return payload.slice(from, payload.length() - padding);
  }

  /** The content as UTF-8. */
  public String text() {
    return content().utf8();
  }

  /** The first field of this name in HEADERS, or null. */
  public @Nullable String field(String name) {
    for (int i = 0; i < fields.size(); i += 2) {
      if (fields.get(i).equals(name)) {
        return fields.get(i + 1);
      }
    }
    return null;
  }

  /** The status that HEADERS of an answer have; -1 for trailers. */
  public int status() {
    require(HEADERS);
    String status = field(":status");
    return status == null ? -1 : Integer.parseInt(status);
  }

  private void require(int wanted) {
    if (type != wanted) {
      throw new IllegalStateException("this is not " + typeName(wanted) + ": " + this);
    }
  }

  private int intAt(int offset) {
    return payload.asByteBuffer().getInt(offset);
  }

  byte[] encoded() {
    ByteBuffer out = ByteBuffer.allocate(9 + payload.length());
    out.put((byte) (payload.length() >> 16)).putShort((short) payload.length());
    out.put((byte) type).put((byte) flags).putInt(stream).put(payload.asByteBuffer());
    return out.array();
  }

  // --- for people ---

  @Override
  public String toString() {
    String flagged = flagText();
    return typeName(type)
        + (stream == 0 ? "" : " stream " + stream)
        + (flagged.isEmpty() ? "" : " " + flagged)
        + " "
        + payloadText();
  }

  private String flagText() {
    List<String> names = new ArrayList<>();
    if (has(1)) {
      names.add(isAck() ? "ACK" : isLast() ? "END_STREAM" : "0x1");
    }
    if (has(END_HEADERS)) {
      names.add("END_HEADERS");
    }
    if (has(PADDED)) {
      names.add("PADDED");
    }
    int others = flags & ~(1 | END_HEADERS | PADDED);
    if (others != 0) {
      names.add("0x" + Integer.toHexString(others));
    }
    return String.join("|", names);
  }

  private String payloadText() {
    int length = payload.length();
    if (!fields.isEmpty()) {
      return fieldText();
    }
    if (type == RST_STREAM && length == 4) {
      return errorName(errorCode());
    }
    if (type == GOAWAY && length >= 8) {
      String debug = debugText();
      return errorName(errorCode())
          + ", last stream "
          + lastStream()
          + (debug.isEmpty() ? "" : ": " + debug);
    }
    if (type == WINDOW_UPDATE && length == 4) {
      return "+" + increment();
    }
    if (type == SETTINGS && length % 6 == 0) {
      return settings().toString();
    }
    String start = TraceText.shown(payload.slice(0, Math.min(SHOWN, length)));
    return length + " bytes" + (length == 0 ? "" : ": " + start + (length > SHOWN ? "..." : ""));
  }

  private String fieldText() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < fields.size(); i += 2) {
      String value = fields.get(i + 1);
      text.append(i == 0 ? "" : ", ").append(fields.get(i)).append(": ");
      text.append(value.length() > 2 * SHOWN ? value.substring(0, 2 * SHOWN) + "..." : value);
    }
    return text.toString();
  }

  /** As US-ASCII. */
  static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
