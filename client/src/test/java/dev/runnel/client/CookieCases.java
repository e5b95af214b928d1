package dev.runnel.client;

import dev.runnel.http.Headers;
import dev.runnel.http.Uri;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** A jar under a clock that is set by hand. */
abstract class CookieCases {
  Instant now = Instant.parse("2026-01-01T00:00:00Z");
  final InstantSource clock = () -> now;
  final MemoryCookieJar jar = new MemoryCookieJar(clock, domain -> domain.indexOf('.') < 0);

  void set(String uri, String... fields) {
    Headers answer = Headers.EMPTY;
    for (String field : fields) {
      answer = answer.with("Set-Cookie", field);
    }
    jar.receive(Uri.of(uri), answer);
  }

  @Nullable String sent(String uri) {
    return jar.fieldFor(Uri.of(uri));
  }

  void pass(Duration time) {
    now = now.plus(time);
  }
}
