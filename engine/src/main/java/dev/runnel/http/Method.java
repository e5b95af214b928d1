package dev.runnel.http;

import java.util.Map;

/** A request method (RFC 9110 9): case-sensitive, compared by name. */
public final class Method {
  public static final Method GET = new Method("GET", true, true);
  public static final Method HEAD = new Method("HEAD", true, true);
  public static final Method POST = new Method("POST", false, false);
  public static final Method PUT = new Method("PUT", false, true);
  public static final Method PATCH = new Method("PATCH", false, false);
  public static final Method DELETE = new Method("DELETE", false, true);
  public static final Method OPTIONS = new Method("OPTIONS", true, true);
  public static final Method TRACE = new Method("TRACE", true, true);
  public static final Method CONNECT = new Method("CONNECT", false, false);

  private static final Map<String, Method> KNOWN =
      Map.of(
          "GET", GET, "HEAD", HEAD, "POST", POST, "PUT", PUT, "PATCH", PATCH, "DELETE", DELETE,
          "OPTIONS", OPTIONS, "TRACE", TRACE, "CONNECT", CONNECT);

  private final String name;
  private final boolean safe;
  private final boolean idempotent;

  private Method(String name, boolean safe, boolean idempotent) {
    this.name = name;
    this.safe = safe;
    this.idempotent = idempotent;
  }

  /**
   * The method of this name; methods outside RFC 9110 and 5789 count as neither safe nor
   * idempotent.
   *
   * @throws IllegalArgumentException if the name is not a token
   */
  public static Method of(String name) {
    Method known = KNOWN.get(name);
    if (known != null) {
      return known;
    }
    return new Method(Tokens.requireToken(name, "method"), false, false);
  }

  /** The name as on the wire. */
  public String name() {
    return name;
  }

  /** Whether the client asks for no change (RFC 9110 9.2.1). */
  public boolean isSafe() {
    return safe;
  }

  /** Whether doing it twice is like doing it once (RFC 9110 9.2.2). */
  public boolean isIdempotent() {
    return idempotent;
  }

  @Override
  public boolean equals(Object other) {
    return this == other || (other instanceof Method that && name.equals(that.name));
  }

  @Override
  public int hashCode() {
    return name.hashCode();
  }

  @Override
  public String toString() {
    return name;
  }
}
