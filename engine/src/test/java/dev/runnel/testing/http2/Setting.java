package dev.runnel.testing.http2;

/** Identifiers of settings (RFC 9113 6.5.2, RFC 8441 3, RFC 9218 2.1). */
public final class Setting {
  public static final int HEADER_TABLE_SIZE = 0x1;
  public static final int ENABLE_PUSH = 0x2;
  public static final int MAX_CONCURRENT_STREAMS = 0x3;
  public static final int INITIAL_WINDOW_SIZE = 0x4;
  public static final int MAX_FRAME_SIZE = 0x5;
  public static final int MAX_HEADER_LIST_SIZE = 0x6;
  public static final int ENABLE_CONNECT_PROTOCOL = 0x8;
  public static final int NO_RFC7540_PRIORITIES = 0x9;

  private static final String[] NAMES = {
    "setting 0",
    "HEADER_TABLE_SIZE",
    "ENABLE_PUSH",
    "MAX_CONCURRENT_STREAMS",
    "INITIAL_WINDOW_SIZE",
    "MAX_FRAME_SIZE",
    "MAX_HEADER_LIST_SIZE",
    "setting 7",
    "ENABLE_CONNECT_PROTOCOL",
    "NO_RFC7540_PRIORITIES"
  };

  private Setting() {}

  /** The name, or the number where there is none. */
  public static String name(int id) {
    return id < NAMES.length ? NAMES[id] : "setting " + id;
  }
}
