package dev.runnel.client;

import dev.runnel.http.HeaderNames;
import dev.runnel.http.Headers;
import dev.runnel.http.Method;
import dev.runnel.http.Status;
import dev.runnel.http.Uri;
import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientException.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Which answers lead to another request, and to which (RFC 9110 15.4, Fetch 4.4 HTTP-redirect
 * fetch). Immutable.
 *
 * <ul>
 *   <li>Followed are 301, 302, 303, 307 and 308 with a Location field; without one they are final
 *       answers, as are 300 and 304.
 *   <li>A POST becomes a GET for 301 and 302 unless it is kept by option; for 303 all become GET
 *       but HEAD. With the body go the fields that speak of it. 307 and 308 repeat the request.
 *   <li>The fragment of the URL goes along where the new one has none, and so does user information
 *       while scheme, host and port stay the same.
 *   <li>Where these change, what may be secret stays behind: Authorization, Cookie,
 *       Proxy-Authorization, Referer, Origin, Host and the like, and what {@link #withSecrets}
 *       names.
 *   <li>Not from https to http, unless allowed, and to no other scheme than http and https, unless
 *       allowed.
 *   <li>At most 20 in a row (the Fetch standard's limit).
 * </ul>
 *
 * <p>No Referer field is ever added.
 */
public final class RedirectPolicy {
  /** The limit of the Fetch standard, and of browsers. */
  static final int DEFAULT_MAX = 20;

  /** The policy described above. */
  public static final RedirectPolicy DEFAULT =
      new RedirectPolicy(DEFAULT_MAX, false, false, Set.of("http", "https"), Set.of());

  /** Follows none: every redirect is a final answer. */
  public static final RedirectPolicy NONE = DEFAULT.withMax(0);

  /** RFC 9110 15.4 (1. and 2.): bound to where the request went, or given to that place only. */
  private static final Set<String> BOUND_TO_ORIGIN =
      Set.of(
          "authorization",
          "cookie",
          "cookie2",
          "host",
          "origin",
          "proxy-authorization",
          "referer",
          "www-authenticate");

  /** RFC 9110 15.4 (4.), and what would announce a body that does not come. */
  private static final Set<String> BOUND_TO_BODY =
      Set.of(
          "content-digest",
          "content-disposition",
          "content-encoding",
          "content-language",
          "content-length",
          "content-location",
          "content-md5",
          "content-range",
          "content-type",
          "digest",
          "expect",
          "last-modified",
          "repr-digest",
          "trailer",
          "transfer-encoding");

  private final int max;
  private final boolean downgrade;
  private final boolean keepPost;
  private final Set<String> schemes;
  private final Set<String> secrets;

  private RedirectPolicy(
      int max, boolean downgrade, boolean keepPost, Set<String> schemes, Set<String> secrets) {
    this.max = max;
    this.downgrade = downgrade;
    this.keepPost = keepPost;
    this.schemes = schemes;
    this.secrets = secrets;
  }

  /**
   * This with another limit; 20 unless set. Zero follows none and fails for none.
   *
   * @throws IllegalArgumentException if it is negative
   */
  public RedirectPolicy withMax(int redirects) {
    if (redirects < 0) {
      throw new IllegalArgumentException("limit of redirects must not be negative: " + redirects);
    }
    return new RedirectPolicy(redirects, downgrade, keepPost, schemes, secrets);
  }

  /** This, following from https to http or not; not unless set. */
  public RedirectPolicy withHttpsToHttp(boolean followed) {
    return new RedirectPolicy(max, followed, keepPost, schemes, secrets);
  }

  /** This, with a POST that stays one for 301 and 302 or becomes a GET; a GET unless set. */
  public RedirectPolicy withPostKept(boolean kept) {
    return new RedirectPolicy(max, downgrade, kept, schemes, secrets);
  }

  /**
   * This with the schemes that may be led to; http and https unless set. Others than these, ws and
   * wss are never followed.
   */
  public RedirectPolicy withSchemes(Set<String> allowed) {
    return new RedirectPolicy(max, downgrade, keepPost, lowerCase(allowed), secrets);
  }

  /**
   * This with more request fields that must not leave scheme, host and port, such as {@code
   * X-Api-Key}.
   */
  public RedirectPolicy withSecrets(String... names) {
    Set<String> all = new HashSet<>(secrets);
    all.addAll(lowerCase(List.of(names)));
    return new RedirectPolicy(max, downgrade, keepPost, schemes, Set.copyOf(all));
  }

  private static Set<String> lowerCase(Collection<String> names) {
    Set<String> lower = new HashSet<>();
    names.forEach(name -> lower.add(name.toLowerCase(Locale.ROOT)));
    return Set.copyOf(lower);
  }

  /**
   * What follows from an answer, or null if it is final.
   *
   * @param followed how many redirects were followed for this call already
   * @param method the method of the request that was answered
   * @param uri where that request went
   * @throws ClientException TOO_MANY_REDIRECTS above the limit; BAD_REDIRECT if the Location field
   *     is malformed, comes several times with different values, or leads where this does not
   *     follow
   */
  public @Nullable Redirect decide(
      int followed, Method method, Uri uri, Status status, Headers answer) {
    return decide(followed, method, uri, status, answer, UnaryOperator.identity());
  }

  /**
   * The same where some hosts are asked over TLS only.
   *
   * @param upgrade gives the URL that is asked instead of one (RFC 6797 8.3). What it makes https
   *     of never goes out in clear, so that it is no way from https to http
   */
  @Nullable Redirect decide(
      int followed,
      Method method,
      Uri uri,
      Status status,
      Headers answer,
      UnaryOperator<Uri> upgrade) {
    if (max == 0 || !isFollowed(status.code())) {
      return null;
    }
    String location = location(uri, status, answer);
    if (location == null) {
      return null;
    }
    if (followed >= max) {
      throw new ClientException(
          Reason.TOO_MANY_REDIRECTS,
          "more than " + max + " redirects; the last, " + status.code() + ", came from " + uri);
    }
    Uri next = target(uri, status, location, upgrade);
    Method nextMethod = method(status.code(), method);
    boolean dropsBody = !nextMethod.equals(method);
    return new Redirect(next, nextMethod, dropsBody, strips(uri, next, dropsBody));
  }

  private static boolean isFollowed(int code) {
    return code == 301 || code == 302 || code == 303 || code == 307 || code == 308;
  }

  private static @Nullable String location(Uri uri, Status status, Headers answer) {
    List<String> all = answer.all(HeaderNames.LOCATION);
    if (Set.copyOf(all).size() > 1) {
      throw bad(uri, status, "has several Location fields", null);
    }
    return all.isEmpty() ? null : all.get(0);
  }

  private Uri target(Uri uri, Status status, String location, UnaryOperator<Uri> upgrade) {
    Uri next = inheriting(uri, upgrade.apply(resolved(uri, status, location)));
    if (!schemes.contains(next.scheme())) {
      throw bad(
          uri,
          status,
          "leads to " + next + ", but followed are only " + new TreeSet<>(schemes),
          null);
    }
    if (uri.isSecure() && !next.isSecure() && !downgrade) {
      throw bad(
          uri, status, "leads to " + next + " in clear; withHttpsToHttp(true) follows it", null);
    }
    return next;
  }

  private static Uri resolved(Uri uri, Status status, String location) {
    try {
      Uri next = uri.resolve(utf8(location));
      Credentials.requireUsable(next);
      return next;
    } catch (CharacterCodingException e) {
      throw bad(uri, status, "has a Location that is neither ASCII nor UTF-8", e);
    } catch (IllegalArgumentException e) {
      throw bad(uri, status, "has a Location that cannot be followed: " + e.getMessage(), e);
    }
  }

  /** What goes along with the reader, not with the request. */
  private static Uri inheriting(Uri uri, Uri location) {
    String fragment = uri.rawFragment();
    // RFC 9110 10.2.2: it is inherited. Kept as written, so it is not encoded again.
    boolean inherits = location.rawFragment() == null && fragment != null;
    Uri next = inherits ? location.resolve('#' + fragment) : location;
    String user = uri.user();
    boolean same = next.origin().equals(uri.origin()) && next.rawUserInfo() == null;
    return same && user != null ? next.withUserInfo(user, uri.password()) : next;
  }

  /** Fields come as ISO-8859-1, in which some servers write UTF-8 (Fetch: isomorphic encode). */
  private static String utf8(String location) throws CharacterCodingException {
    byte[] bytes = location.getBytes(StandardCharsets.ISO_8859_1);
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
  }

  private Method method(int code, Method method) {
    boolean post = method.equals(Method.POST) && (code == 301 || code == 302) && !keepPost;
    boolean other = code == 303 && !method.equals(Method.GET) && !method.equals(Method.HEAD);
    return post || other ? Method.GET : method;
  }

  private Set<String> strips(Uri from, Uri to, boolean dropsBody) {
    Set<String> names = new HashSet<>();
    if (!from.origin().equals(to.origin())) {
      names.addAll(BOUND_TO_ORIGIN);
      names.addAll(secrets);
    }
    if (dropsBody) {
      names.addAll(BOUND_TO_BODY);
    }
    return names;
  }

  private static ClientException bad(
      Uri uri, Status status, String what, @Nullable Throwable cause) {
    return new ClientException(
        Reason.BAD_REDIRECT, "redirect " + status.code() + " of " + uri + ' ' + what, false, cause);
  }

  @Override
  public String toString() {
    return "RedirectPolicy(max="
        + max
        + ", httpsToHttp="
        + downgrade
        + ", postKept="
        + keepPost
        + ", schemes="
        + new TreeSet<>(schemes)
        + ", secrets="
        + new TreeSet<>(secrets)
        + ")";
  }
}
