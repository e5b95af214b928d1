package dev.runnel.testing.http2;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A frame (RFC 9113 4.1), well-formed or not.
 *
 * @param type see the constants
 * @param flags see the constants
 * @param stream its stream, 0 is the connection
 * @param payload all behind the nine octets of the frame header
 */
@SuppressWarnings("ArrayRecordComponent") // a test's value; compared by nobody
public record Frame(int type, int flags, int stream, byte[] payload) {
  public static final int DATA = 0x0;
  public static final int HEADERS = 0x1;
  public static final int PRIORITY = 0x2;
  public static final int RST_STREAM = 0x3;
  public static final int SETTINGS = 0x4;
  public static final int PUSH_PROMISE = 0x5;
  public static final int PING = 0x6;
  public static final int GOAWAY = 0x7;
  public static final int WINDOW_UPDATE = 0x8;
  public static final int CONTINUATION = 0x9;
  public static final int PRIORITY_UPDATE = 0x10;

  public static final int ACK = 0x1;
  public static final int END_STREAM = 0x1;
  public static final int END_HEADERS = 0x4;
  public static final int PADDED = 0x8;
  public static final int PRIORITIZED = 0x20;

  /** Octets of a frame header. */
  public static final int HEAD = 9;

  private static final byte[] NONE = new byte[0];

  // --- factories ---

  /** HEADERS with a whole block. */
  public static Frame headers(int stream, boolean end, byte[] block) {
    return new Frame(HEADERS, END_HEADERS | (end ? END_STREAM : 0), stream, block);
  }

  /** HEADERS with literal fields, names and values in turn: the same on any connection. */
  public static Frame headers(int stream, boolean end, String... namesAndValues) {
    return headers(stream, end, RawBlock.of(namesAndValues));
  }

  /** HEADERS of a request to the authority "a" over http, with more fields behind. */
  public static Frame request(
      int stream, boolean end, String method, String path, String... namesAndValues) {
    RawBlock block = new RawBlock();
    block.literal(":method", method).literal(":scheme", "http").literal(":path", path);
    block.literal(":authority", "a").block(RawBlock.of(namesAndValues));
    return headers(stream, end, block.build());
  }

  /** HEADERS of a GET. */
  public static Frame get(int stream, String path) {
    return request(stream, true, "GET", path);
  }

  /** CONTINUATION. */
  public static Frame continuation(int stream, boolean last, byte[] block) {
    return new Frame(CONTINUATION, last ? END_HEADERS : 0, stream, block);
  }

  /** DATA. */
  public static Frame data(int stream, boolean end, byte[] bytes) {
    return new Frame(DATA, end ? END_STREAM : 0, stream, bytes);
  }

  /** DATA with text in ISO-8859-1. */
  public static Frame data(int stream, boolean end, String text) {
    return data(stream, end, text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** DATA with padding. */
  public static Frame padded(int stream, boolean end, byte[] bytes, int padding) {
    ByteBuffer out = ByteBuffer.allocate(1 + bytes.length + padding);
    out.put((byte) padding).put(bytes);
    return new Frame(DATA, PADDED | (end ? END_STREAM : 0), stream, out.array());
  }

  /** RST_STREAM. */
  public static Frame rst(int stream, int code) {
    return new Frame(RST_STREAM, 0, stream, ints(code));
  }

  /** SETTINGS, identifiers and values in turn. */
  public static Frame settings(int... idsAndValues) {
    ByteBuffer out = ByteBuffer.allocate(idsAndValues.length * 3);
    for (int i = 0; i < idsAndValues.length; i += 2) {
      out.putShort((short) idsAndValues[i]).putInt(idsAndValues[i + 1]);
    }
    return new Frame(SETTINGS, 0, 0, out.array());
  }

  /** SETTINGS with ACK. */
  public static Frame settingsAck() {
    return new Frame(SETTINGS, ACK, 0, NONE);
  }

  /** PING. */
  public static Frame ping(long data) {
    return new Frame(PING, 0, 0, ByteBuffer.allocate(8).putLong(data).array());
  }

  /** PING with ACK. */
  public static Frame pong(byte[] data) {
    return new Frame(PING, ACK, 0, data);
  }

  /** GOAWAY. */
  public static Frame goAway(int lastStream, int code) {
    return new Frame(GOAWAY, 0, 0, ints(lastStream, code));
  }

  /** WINDOW_UPDATE. */
  public static Frame windowUpdate(int stream, int increment) {
    return new Frame(WINDOW_UPDATE, 0, stream, ints(increment));
  }

  /** PRIORITY (RFC 9113 6.3, deprecated). */
  public static Frame priority(int stream, int dependsOn, int weight) {
    byte[] payload = ByteBuffer.allocate(5).putInt(dependsOn).put((byte) weight).array();
    return new Frame(PRIORITY, 0, stream, payload);
  }

  /** PRIORITY_UPDATE (RFC 9218 7.1). */
  public static Frame priorityUpdate(int prioritized, String priority) {
    byte[] value = priority.getBytes(StandardCharsets.US_ASCII);
    byte[] payload = ByteBuffer.allocate(4 + value.length).putInt(prioritized).put(value).array();
    return new Frame(PRIORITY_UPDATE, 0, 0, payload);
  }

  /** PUSH_PROMISE. */
  public static Frame pushPromise(int stream, int promised, byte[] block) {
    byte[] payload = ByteBuffer.allocate(4 + block.length).putInt(promised).put(block).array();
    return new Frame(PUSH_PROMISE, END_HEADERS, stream, payload);
  }

  private static byte[] ints(int... values) {
    ByteBuffer out = ByteBuffer.allocate(4 * values.length);
    for (int value : values) {
      out.putInt(value);
    }
    return out.array();
  }

  // --- reading ---

  /** Whether a flag is set. */
  public boolean has(int flag) {
    return (flags & flag) != 0;
  }

  /** Whether it ends its stream. */
  public boolean ends() {
    return (type == DATA || type == HEADERS) && has(END_STREAM);
  }

  /** The 32 bits at an offset of the payload. */
  public int intAt(int offset) {
    return ByteBuffer.wrap(payload).getInt(offset);
  }

  /** The error code of RST_STREAM or GOAWAY. */
  public int code() {
    return intAt(type == GOAWAY ? 4 : 0);
  }

  /** What SETTINGS says. */
  public Map<Integer, Integer> values() {
    Map<Integer, Integer> values = new LinkedHashMap<>();
    ByteBuffer in = ByteBuffer.wrap(payload);
    while (in.remaining() >= 6) {
      values.put(Short.toUnsignedInt(in.getShort()), in.getInt());
    }
    return values;
  }

  /** The content of DATA, HEADERS or PUSH_PROMISE without padding and priority. */
  public byte[] content() {
    int from = 0;
    int padding = 0;
    if (has(PADDED)) {
      padding = Byte.toUnsignedInt(payload[0]);
      from = 1;
    }
    if (type == HEADERS && has(PRIORITIZED)) {
      from += 5;
    }
    if (type == PUSH_PROMISE) {
      from += 4;
    }
    if (from + padding > payload.length) {
      throw new AssertionError("more padding than payload: " + this);
    }
    return Arrays.copyOfRange(payload, from, payload.length - padding);
  }

  /** The content as text in ISO-8859-1. */
  public String text() {
    return new String(content(), StandardCharsets.ISO_8859_1);
  }

  /** The frame with other flags. */
  public Frame withFlags(int replacement) {
    return new Frame(type, replacement, stream, payload);
  }

  /** As it stands on the wire. */
  public byte[] encode() {
    ByteBuffer out = ByteBuffer.allocate(HEAD + payload.length);
    out.put((byte) (payload.length >> 16)).putShort((short) payload.length);
    out.put((byte) type).put((byte) flags).putInt(stream).put(payload);
    return out.array();
  }

  // --- saying ---

  @Override
  public String toString() {
    return FrameText.of(this, List.of());
  }

  /** With the fields of its block. */
  String toString(List<Field> fields) {
    return FrameText.of(this, new ArrayList<>(fields));
  }
}
