package dev.runnel.http;

/** A status code with its usual reason phrase (RFC 9110 15). Equal by code. */
public final class Status {
  private static final Status[] KNOWN = new Status[600];

  public static final Status CONTINUE = known(100, "Continue");
  public static final Status SWITCHING_PROTOCOLS = known(101, "Switching Protocols");
  public static final Status EARLY_HINTS = known(103, "Early Hints");
  public static final Status OK = known(200, "OK");
  public static final Status CREATED = known(201, "Created");
  public static final Status ACCEPTED = known(202, "Accepted");
  public static final Status NO_CONTENT = known(204, "No Content");
  public static final Status RESET_CONTENT = known(205, "Reset Content");
  public static final Status PARTIAL_CONTENT = known(206, "Partial Content");
  public static final Status MOVED_PERMANENTLY = known(301, "Moved Permanently");
  public static final Status FOUND = known(302, "Found");
  public static final Status SEE_OTHER = known(303, "See Other");
  public static final Status NOT_MODIFIED = known(304, "Not Modified");
  public static final Status TEMPORARY_REDIRECT = known(307, "Temporary Redirect");
  public static final Status PERMANENT_REDIRECT = known(308, "Permanent Redirect");
  public static final Status BAD_REQUEST = known(400, "Bad Request");
  public static final Status UNAUTHORIZED = known(401, "Unauthorized");
  public static final Status FORBIDDEN = known(403, "Forbidden");
  public static final Status NOT_FOUND = known(404, "Not Found");
  public static final Status METHOD_NOT_ALLOWED = known(405, "Method Not Allowed");
  public static final Status NOT_ACCEPTABLE = known(406, "Not Acceptable");
  public static final Status REQUEST_TIMEOUT = known(408, "Request Timeout");
  public static final Status CONFLICT = known(409, "Conflict");
  public static final Status GONE = known(410, "Gone");
  public static final Status LENGTH_REQUIRED = known(411, "Length Required");
  public static final Status PRECONDITION_FAILED = known(412, "Precondition Failed");
  public static final Status CONTENT_TOO_LARGE = known(413, "Content Too Large");
  public static final Status URI_TOO_LONG = known(414, "URI Too Long");
  public static final Status UNSUPPORTED_MEDIA_TYPE = known(415, "Unsupported Media Type");
  public static final Status RANGE_NOT_SATISFIABLE = known(416, "Range Not Satisfiable");
  public static final Status EXPECTATION_FAILED = known(417, "Expectation Failed");
  public static final Status MISDIRECTED_REQUEST = known(421, "Misdirected Request");
  public static final Status UNPROCESSABLE_CONTENT = known(422, "Unprocessable Content");
  public static final Status UPGRADE_REQUIRED = known(426, "Upgrade Required");
  public static final Status TOO_MANY_REQUESTS = known(429, "Too Many Requests");
  public static final Status REQUEST_HEADER_FIELDS_TOO_LARGE =
      known(431, "Request Header Fields Too Large");
  public static final Status INTERNAL_SERVER_ERROR = known(500, "Internal Server Error");
  public static final Status NOT_IMPLEMENTED = known(501, "Not Implemented");
  public static final Status BAD_GATEWAY = known(502, "Bad Gateway");
  public static final Status SERVICE_UNAVAILABLE = known(503, "Service Unavailable");
  public static final Status GATEWAY_TIMEOUT = known(504, "Gateway Timeout");
  public static final Status HTTP_VERSION_NOT_SUPPORTED = known(505, "HTTP Version Not Supported");

  private final int code;
  private final String reason;

  private Status(int code, String reason) {
    this.code = code;
    this.reason = reason;
  }

  private static Status known(int code, String reason) {
    Status status = new Status(code, reason);
    KNOWN[code] = status;
    return status;
  }

  /**
   * The status of this code.
   *
   * @throws IllegalArgumentException if it is not within 100 to 599
   */
  public static Status of(int code) {
    if (code < 100 || code > 599) {
      throw new IllegalArgumentException("status code must be within 100..599, but is " + code);
    }
    Status known = KNOWN[code];
    return known != null ? known : new Status(code, "");
  }

  /** The three digits. */
  public int code() {
    return code;
  }

  /** The phrase that HTTP/1.1 sends behind the code; empty for codes without one. */
  public String reason() {
    return reason;
  }

  /** 1xx: not the final answer. */
  public boolean isInformational() {
    return code < 200;
  }

  /** 4xx or 5xx. */
  public boolean isError() {
    return code >= 400;
  }

  /** Whether a response of this status never has a body (RFC 9110 6.4.1). */
  public boolean forbidsBody() {
    return code < 200 || code == 204 || code == 304;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Status that && code == that.code;
  }

  @Override
  public int hashCode() {
    return code;
  }

  @Override
  public String toString() {
    return reason.isEmpty() ? Integer.toString(code) : code + " " + reason;
  }
}
