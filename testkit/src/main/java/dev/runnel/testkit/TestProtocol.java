package dev.runnel.testkit;

/** What the clients of a test speak. */
public enum TestProtocol {
  /** HTTP/1.1 in clear. */
  HTTP_1(false, false),
  /** HTTP/1.1 over TLS. */
  HTTP_1_TLS(false, true),
  /** HTTP/2 in clear, with prior knowledge. */
  HTTP_2(true, false),
  /** HTTP/2 over TLS. */
  HTTP_2_TLS(true, true);

  private final boolean http2;
  private final boolean secure;

  TestProtocol(boolean http2, boolean secure) {
    this.http2 = http2;
    this.secure = secure;
  }

  /** Whether it is HTTP/2. */
  public boolean isHttp2() {
    return http2;
  }

  /** Whether it is over TLS. */
  public boolean isSecure() {
    return secure;
  }
}
