package dev.runnel.http;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The field names that nearly every message has, as shared constants. */
public final class HeaderNames {
  public static final String ACCEPT = "Accept";
  public static final String ACCEPT_ENCODING = "Accept-Encoding";
  public static final String ACCEPT_LANGUAGE = "Accept-Language";
  public static final String ALLOW = "Allow";
  public static final String AUTHORIZATION = "Authorization";
  public static final String CACHE_CONTROL = "Cache-Control";
  public static final String CONNECTION = "Connection";
  public static final String CONTENT_DISPOSITION = "Content-Disposition";
  public static final String CONTENT_ENCODING = "Content-Encoding";
  public static final String CONTENT_LENGTH = "Content-Length";
  public static final String CONTENT_TYPE = "Content-Type";
  public static final String COOKIE = "Cookie";
  public static final String DATE = "Date";
  public static final String ETAG = "ETag";
  public static final String EXPECT = "Expect";
  public static final String FORWARDED = "Forwarded";
  public static final String HOST = "Host";
  public static final String IF_MODIFIED_SINCE = "If-Modified-Since";
  public static final String IF_NONE_MATCH = "If-None-Match";
  public static final String KEEP_ALIVE = "Keep-Alive";
  public static final String LAST_MODIFIED = "Last-Modified";
  public static final String LOCATION = "Location";
  public static final String ORIGIN = "Origin";
  public static final String RANGE = "Range";
  public static final String REFERER = "Referer";
  public static final String RETRY_AFTER = "Retry-After";
  public static final String SERVER = "Server";
  public static final String SET_COOKIE = "Set-Cookie";
  public static final String TE = "TE";
  public static final String TRAILER = "Trailer";
  public static final String TRANSFER_ENCODING = "Transfer-Encoding";
  public static final String UPGRADE = "Upgrade";
  public static final String USER_AGENT = "User-Agent";
  public static final String VARY = "Vary";
  public static final String WWW_AUTHENTICATE = "WWW-Authenticate";
  public static final String X_FORWARDED_FOR = "X-Forwarded-For";
  public static final String X_FORWARDED_HOST = "X-Forwarded-Host";
  public static final String X_FORWARDED_PROTO = "X-Forwarded-Proto";
  public static final String X_REQUEST_ID = "X-Request-Id";

  private static final String[] KNOWN = {
    ACCEPT,
    ACCEPT_ENCODING,
    ACCEPT_LANGUAGE,
    ALLOW,
    AUTHORIZATION,
    CACHE_CONTROL,
    CONNECTION,
    CONTENT_DISPOSITION,
    CONTENT_ENCODING,
    CONTENT_LENGTH,
    CONTENT_TYPE,
    COOKIE,
    DATE,
    ETAG,
    EXPECT,
    FORWARDED,
    HOST,
    IF_MODIFIED_SINCE,
    IF_NONE_MATCH,
    KEEP_ALIVE,
    LAST_MODIFIED,
    LOCATION,
    ORIGIN,
    RANGE,
    REFERER,
    RETRY_AFTER,
    SERVER,
    SET_COOKIE,
    TE,
    TRAILER,
    TRANSFER_ENCODING,
    UPGRADE,
    USER_AGENT,
    VARY,
    WWW_AUTHENTICATE,
    X_FORWARDED_FOR,
    X_FORWARDED_HOST,
    X_FORWARDED_PROTO,
    X_REQUEST_ID
  };

  // Open addressing; few enough names that a miss costs one or two probes.
  private static final int MASK = 255;
  private static final @Nullable String[] TABLE = new String[MASK + 1];

  static {
    for (String name : KNOWN) {
      byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
      int slot = hash(bytes, 0, bytes.length);
      while (TABLE[slot] != null) {
        slot = (slot + 1) & MASK;
      }
      TABLE[slot] = name;
    }
  }

  private HeaderNames() {}

  /**
   * The shared constant if these bytes spell a known name as it is usually written, else a fresh
   * string.
   */
  static String ofBytes(byte[] bytes, int start, int length) {
    int slot = hash(bytes, start, length);
    for (String known = TABLE[slot]; known != null; known = TABLE[slot]) {
      if (spells(known, bytes, start, length)) {
        return known;
      }
      slot = (slot + 1) & MASK;
    }
    return new String(bytes, start, length, StandardCharsets.ISO_8859_1);
  }

  private static boolean spells(String name, byte[] bytes, int start, int length) {
    if (name.length() != length) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (name.charAt(i) != bytes[start + i]) {
        return false;
      }
    }
    return true;
  }

  private static int hash(byte[] bytes, int start, int length) {
    if (length == 0) {
      return 0;
    }
    int first = bytes[start];
    int middle = bytes[start + length / 2];
    int last = bytes[start + length - 1];
    return (length * 31 + first * 7 + middle * 17 + last) & MASK;
  }
}
