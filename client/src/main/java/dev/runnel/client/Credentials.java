package dev.runnel.client;

import dev.runnel.http.Uri;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Values of the fields Authorization and Proxy-Authorization. They are secrets: do not log them.
 */
public final class Credentials {
  /** RFC 6750 2.1, RFC 9110 11.2. */
  private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

  private Credentials() {}

  /**
   * User and password (RFC 7617), in UTF-8.
   *
   * @throws IllegalArgumentException if the user has a colon, which would end it, or one of them
   *     has a control
   */
  public static String basic(String user, String password) {
    requireBasic(user, password);
    byte[] pair = (user + ':' + password).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }

  private static void requireBasic(String user, String password) {
    if (user.indexOf(':') >= 0) {
      throw new IllegalArgumentException(
          "a user name must not have a colon, which would end it (RFC 7617 2)");
    }
    requireNoControl("user name", user);
    requireNoControl("password", password);
  }

  private static void requireNoControl(String what, String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isISOControl(text.charAt(i))) {
        // Not the text itself: it may be the password.
        throw new IllegalArgumentException(
            what + " must not have a control, but has one at index " + i + " (RFC 7617 2)");
      }
    }
  }

  /**
   * What the user information of a URL says, or null if it has none. A missing password is an empty
   * one.
   *
   * @throws IllegalArgumentException as for {@link #basic}
   */
  public static @Nullable String of(Uri uri) {
    String user = uri.user();
    if (user == null) {
      return null;
    }
    String password = uri.password();
    return basic(user, password == null ? "" : password);
  }

  /** Refuses a URL whose user information cannot be sent, as {@link #of} does. */
  static void requireUsable(Uri uri) {
    String user = uri.user();
    if (user != null) {
      String password = uri.password();
      requireBasic(user, password == null ? "" : password);
    }
  }

  /**
   * A token (RFC 6750 2.1).
   *
   * @throws IllegalArgumentException if it is empty or has anything but letters, digits and {@code
   *     - . _ ~ + /}, with equals signs at the end
   */
  public static String bearer(String token) {
    if (!TOKEN.matcher(token).matches()) {
      throw new IllegalArgumentException(
          "a bearer token has letters, digits and -._~+/ only, with = at its end (RFC 6750 2.1); "
              + "this one of "
              + token.length()
              + " characters has others, or none");
    }
    return "Bearer " + token;
  }
}
