package dev.runnel.websocket;

import dev.runnel.http.Request;
import java.util.Locale;

/** Compares the Origin with the authority that the request is for, default ports left out. */
enum SameHost implements OriginPolicy {
  INSTANCE;

  @Override
  public boolean allows(Request request, String origin) {
    int end = origin.indexOf("://");
    if (end < 0) {
      return false; // "null"
    }
    String scheme = origin.substring(0, end).toLowerCase(Locale.ROOT);
    String port = scheme.equals("https") ? ":443" : ":80";
    String theirs = without(port, origin.substring(end + 3));
    // What is a default port depends on the scheme, and a proxy may have changed that.
    return theirs.equals(without(port, request.authority()));
  }

  private static String without(String port, String authority) {
    String lower = authority.toLowerCase(Locale.ROOT);
    return lower.endsWith(port) ? lower.substring(0, lower.length() - port.length()) : lower;
  }
}
