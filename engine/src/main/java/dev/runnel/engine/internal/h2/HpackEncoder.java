package dev.runnel.engine.internal.h2;

import dev.runnel.http.Headers;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * HPACK (RFC 7541) of one connection's sent header blocks. What answers repeat goes to the dynamic
 * table and is one byte from then on; what changes each time is a plain literal. No Huffman code:
 * it would cost more time than the few literals cost bytes.
 */
final class HpackEncoder {
  private static final int LARGEST_TABLE = 4096; // what a peer has before it says anything
  private static final int ENTRY_OVERHEAD = 32; // RFC 7541 4.1
  private static final int STATIC_ENTRIES = 61;
  private static final int SLOTS = LARGEST_TABLE / ENTRY_OVERHEAD;
  private static final int FIRST_SLOTS = 8;
  private static final int LONGEST_INDEXED = 512;

  // Entries of the static table.
  private static final int METHOD_GET = 2;
  private static final int METHOD_POST = 3;
  private static final int PATH_NAME = 4;
  private static final int SCHEME_HTTP = 6;
  private static final int SCHEME_HTTPS = 7;
  private static final int STATUS_NAME = 8;

  private static final byte[] NONE = new byte[0];

  // A ring: entry n is at n modulo the length. Values are Strings, but for Date its bytes.
  private FieldName[] names = new FieldName[FIRST_SLOTS];
  private Object[] values = new Object[FIRST_SLOTS];
  private int oldest;
  private int next;
  private int size;
  private int capacity = LARGEST_TABLE;
  private int smallest = LARGEST_TABLE;
  private boolean resized;

  private byte[] out = NONE;
  private int at;

  /** The peer takes a table of this size. */
  void tableSize(long bytes) {
    int wanted = (int) Math.min(bytes, LARGEST_TABLE);
    if (wanted != capacity) {
      resized = true;
      smallest = Math.min(smallest, wanted);
      capacity = wanted;
      evict(0);
    }
  }

  /** How many bytes such a block takes at most, without what is said with every answer. */
  static int most(Headers headers) {
    int most = 128;
    for (int i = 0; i < headers.size(); i++) {
      most += headers.name(i).length() + headers.value(i).length() + 12;
    }
    return most;
  }

  /** Starts a block in an array that is large enough. */
  void begin(byte[] target, int from) {
    out = target;
    at = from;
    if (resized) {
      // RFC 7541 4.2: if it was smaller for a while, that must be said first.
      if (smallest < capacity) {
        integer(0x20, 5, smallest);
      }
      integer(0x20, 5, capacity);
      resized = false;
      smallest = capacity;
    }
  }

  /** Ends the block, and gives the index behind it. */
  int end() {
    out = NONE;
    return at;
  }

  void status(int code) {
    int listed =
        switch (code) {
          case 200 -> 8;
          case 204 -> 9;
          case 206 -> 10;
          case 304 -> 11;
          case 400 -> 12;
          case 404 -> 13;
          case 500 -> 14;
          default -> 0;
        };
    if (listed != 0) {
      integer(0x80, 7, listed);
    } else {
      integer(0x00, 4, STATUS_NAME);
      out[at++] = 3;
      out[at++] = (byte) ('0' + code / 100);
      out[at++] = (byte) ('0' + code / 10 % 10);
      out[at++] = (byte) ('0' + code % 10);
    }
  }

  /** The fields but those of a connection; says whether Date was among them. */
  boolean fields(Headers headers) {
    boolean dated = false;
    for (int i = 0; i < headers.size(); i++) {
      FieldName name = FieldName.of(headers.name(i));
      if (!name.leftOut) {
        dated |= name == FieldName.DATE;
        field(name, headers.value(i));
      }
    }
    return dated;
  }

  void field(FieldName name, String value) {
    if (name.indexed && value.length() <= LONGEST_INDEXED) {
      int found = find(name, value);
      if (found >= 0) {
        integer(0x80, 7, indexOf(found));
        return;
      }
      literal(0x40, 6, name);
      add(name, value, value.length());
    } else {
      literal(name.secret ? 0x10 : 0x00, 4, name);
    }
    text(value);
  }

  /** The Date field; its bytes are the same array for a second. */
  void date(byte[] value) {
    int found = find(FieldName.DATE, value);
    if (found >= 0) {
      integer(0x80, 7, indexOf(found));
      return;
    }
    literal(0x40, 6, FieldName.DATE);
    add(FieldName.DATE, value, value.length);
    integer(0x00, 7, value.length);
    put(value);
  }

  void contentLength(long value) {
    literal(0x00, 4, FieldName.CONTENT_LENGTH);
    int digits = 1;
    for (long rest = value; rest >= 10; rest /= 10) {
      digits++;
    }
    out[at++] = (byte) digits;
    long rest = value;
    for (int i = at + digits - 1; i >= at; i--) {
      out[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    at += digits;
  }

  /**
   * The pseudo-headers of a request. The authority is the same for most requests of a connection,
   * the path is not.
   *
   * @param path null for CONNECT, which has no scheme either
   */
  void request(String method, @Nullable String scheme, String authority, @Nullable String path) {
    switch (method) {
      case "GET" -> integer(0x80, 7, METHOD_GET);
      case "POST" -> integer(0x80, 7, METHOD_POST);
      default -> {
        integer(0x00, 4, METHOD_GET);
        text(method);
      }
    }
    if (path != null) {
      integer(0x80, 7, "https".equals(scheme) ? SCHEME_HTTPS : SCHEME_HTTP);
    }
    field(FieldName.AUTHORITY, authority);
    if (path != null && path.equals("/")) {
      integer(0x80, 7, PATH_NAME);
    } else if (path != null) {
      integer(0x00, 4, PATH_NAME);
      text(path);
    }
  }

  private void literal(int pattern, int prefix, FieldName name) {
    int listed = name.listed;
    for (int n = next - 1; listed == FieldName.UNLISTED && n >= oldest; n--) {
      if (names[n & (names.length - 1)].text.equals(name.text)) {
        listed = indexOf(n);
      }
    }
    integer(pattern, prefix, listed);
    if (listed == FieldName.UNLISTED) {
      integer(0x00, 7, name.bytes.length);
      put(name.bytes);
    }
  }

  private int find(FieldName name, Object value) {
    int mask = names.length - 1;
    for (int n = next - 1; n >= oldest; n--) {
      FieldName entry = names[n & mask];
      if ((entry == name || entry.text.equals(name.text)) && values[n & mask].equals(value)) {
        return n;
      }
    }
    return -1;
  }

  private int indexOf(int entry) {
    return STATIC_ENTRIES + next - entry;
  }

  private void add(FieldName name, Object value, int length) {
    int needed = name.bytes.length + length + ENTRY_OVERHEAD;
    evict(needed);
    if (needed > capacity) {
      return; // RFC 7541 4.4: it empties the table, and is not added
    }
    if (next - oldest == names.length) {
      grow();
    }
    if (next == Integer.MAX_VALUE) {
      int rounds = oldest & -names.length; // the same slots, counted from the start again
      oldest -= rounds;
      next -= rounds;
    }
    int slot = next & (names.length - 1);
    names[slot] = name;
    values[slot] = value;
    next++;
    size += needed;
  }

  private void evict(int needed) {
    int mask = names.length - 1;
    while (oldest < next && size + needed > capacity) {
      Object value = values[oldest & mask];
      int length = value instanceof byte[] bytes ? bytes.length : ((String) value).length();
      size -= names[oldest & mask].bytes.length + length + ENTRY_OVERHEAD;
      oldest++;
    }
  }

  private void grow() {
    int before = names.length;
    FieldName[] widerNames = Arrays.copyOf(names, Math.min(SLOTS, 2 * before));
    Object[] widerValues = Arrays.copyOf(values, widerNames.length);
    for (int n = oldest; n < next; n++) {
      widerNames[n & (widerNames.length - 1)] = names[n & (before - 1)];
      widerValues[n & (widerNames.length - 1)] = values[n & (before - 1)];
    }
    names = widerNames;
    values = widerValues;
  }

  /** RFC 7541 5.1. */
  private void integer(int pattern, int prefix, int value) {
    int most = (1 << prefix) - 1;
    if (value < most) {
      out[at++] = (byte) (pattern | value);
      return;
    }
    out[at++] = (byte) (pattern | most);
    int rest = value - most;
    while (rest >= 0x80) {
      out[at++] = (byte) ((rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    out[at++] = (byte) rest;
  }

  /** ISO-8859-1: values were checked to have nothing else when they were set. */
  @SuppressWarnings("deprecation") // copies a compact string without an array between
  private void text(String value) {
    int length = value.length();
    integer(0x00, 7, length);
    value.getBytes(0, length, out, at);
    at += length;
  }

  private void put(byte[] bytes) {
    System.arraycopy(bytes, 0, out, at, bytes.length);
    at += bytes.length;
  }
}
