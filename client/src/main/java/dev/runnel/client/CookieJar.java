package dev.runnel.client;

import dev.runnel.http.Headers;
import dev.runnel.http.Uri;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the cookies that servers set and says which of them go with a request. Asked by many calls
 * at once, on their loops: safe for threads, and never waits for anything. {@link MemoryCookieJar}
 * is the one that follows RFC 6265bis.
 */
public interface CookieJar {
  /** A jar that keeps nothing. */
  CookieJar NONE =
      new CookieJar() {
        @Override
        public void receive(Uri uri, Headers answer) {}

        @Override
        public @Nullable String fieldFor(Uri uri) {
          return null;
        }

        @Override
        public String toString() {
          return "CookieJar.NONE";
        }
      };

  /**
   * Takes the Set-Cookie fields of an answer. What the rules do not allow is dropped in silence, as
   * browsers do: a server's mistake must not fail the call.
   *
   * @param uri what was asked for
   * @param answer the header section of the answer, also of a redirect or an error
   */
  void receive(Uri uri, Headers answer);

  /** The value of the Cookie field for a request, or null if no cookie goes with it. */
  @Nullable String fieldFor(Uri uri);
}
