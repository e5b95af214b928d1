package dev.runnel.routing;

import java.util.Objects;

/**
 * How a router reads paths. Immutable; {@link #DEFAULT} and the {@code with…} methods make others.
 *
 * @param trailingSlash what a superfluous or missing last slash means (STRICT)
 * @param encodedSlash whether a segment may hold an encoded slash, {@code %2F}, which a parameter
 *     then gives as a slash; otherwise it is answered with 400, as servers and proxies disagree
 *     about it (false)
 */
public record RouterOptions(TrailingSlash trailingSlash, boolean encodedSlash) {
  /** The defaults. */
  public static final RouterOptions DEFAULT = new RouterOptions(TrailingSlash.STRICT, false);

  public RouterOptions {
    Objects.requireNonNull(trailingSlash);
  }

  /** With another meaning of the last slash. */
  public RouterOptions withTrailingSlash(TrailingSlash policy) {
    return new RouterOptions(policy, encodedSlash);
  }

  /** With encoded slashes allowed or not. */
  public RouterOptions withEncodedSlash(boolean allowed) {
    return new RouterOptions(trailingSlash, allowed);
  }
}
