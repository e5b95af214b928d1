package dev.runnel.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.http.Headers;
import dev.runnel.http.Uri;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HstsStoreTest {
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private final HstsStore store = new HstsStore(() -> now);

  private void receive(String uri, String... fields) {
    Headers answer = Headers.EMPTY;
    for (String field : fields) {
      answer = answer.with("strict-transport-security", field);
    }
    store.receive(Uri.of(uri), answer);
  }

  private String upgraded(String uri) {
    return store.upgrade(Uri.of(uri)).text();
  }

  @ParameterizedTest
  @CsvSource({
    "http://a.example/x?y#z, https://a.example/x?y#z",
    "http://a.example:80/, https://a.example/",
    "http://a.example:8080/, https://a.example:8080/",
    "http://u:p@a.example/, https://u:p@a.example/",
    "ws://a.example/, wss://a.example/",
    "https://a.example:444/, https://a.example:444/",
    "wss://a.example/, wss://a.example/",
    "http://a.example./, https://a.example./",
    "http://A.EXAMPLE/, https://a.example/",
    "http://www.a.example/, http://www.a.example/",
    "http://example/, http://example/",
    "http://ba.example/, http://ba.example/"
  })
  void upgradesTheHost(String from, String to) {
    receive("https://a.example/", "max-age=31536000");
    assertThat(upgraded(from)).isEqualTo(to);
  }

  @Test
  void upgradesWhatIsBelowIfTheHostSaysSo() {
    receive("https://a.example:8443/", "max-age=60; includeSubDomains");
    assertThat(upgraded("http://x.y.a.example/")).isEqualTo("https://x.y.a.example/");
    assertThat(upgraded("http://b.example/")).isEqualTo("http://b.example/");
    receive("https://y.a.example/", "max-age=60");
    assertThat(upgraded("http://x.y.a.example/"))
        .as("the domain above still covers it")
        .isEqualTo("https://x.y.a.example/");
    receive("https://a.example/", "max-age=0");
    assertThat(upgraded("http://x.y.a.example/")).isEqualTo("http://x.y.a.example/");
    assertThat(upgraded("http://y.a.example/")).isEqualTo("https://y.a.example/");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "max-age=60",
        "MAX-AGE=60",
        "max-age = 60",
        "max-age=\"60\"",
        "max-age=\"6\\0\"",
        ";; max-age=60 ; ;",
        "max-age=60; unknown; x=\"a;b=\\\"c\\\"\"; preload",
        "includesubdomains;max-age=060",
      })
  void readsFields(String field) {
    receive("https://a.example/", field);
    assertThat(store.isKnown(Uri.of("http://a.example/"))).isTrue();
    now = now.plusSeconds(59);
    assertThat(store.isKnown(Uri.of("http://a.example/"))).isTrue();
    now = now.plusSeconds(1);
    assertThat(store.isKnown(Uri.of("http://a.example/"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "includeSubDomains",
        "max-age",
        "max-age=",
        "max-age=x",
        "max-age=-1",
        "max-age=+1",
        "max-age=1.5",
        "max-age=\"60",
        "max-age=60 60",
        "max-age=60, includeSubDomains",
        "max-age=60; max-age=60",
        "max-age=60; MAX-AGE=0",
        "max-age=60; x; x",
        "=60",
        "max-age==60",
        "max-age=60; \"x\"",
        "max-age=60; x=a b",
      })
  void ignoresMalformedFields(String field) {
    receive("https://a.example/", field);
    assertThat(store).hasToString("HstsStore(0)");
    receive("https://a.example/", "max-age=60");
    receive("https://a.example/", field);
    assertThat(store.isKnown(Uri.of("http://a.example/"))).as("what was known stays").isTrue();
  }

  @Test
  void ofSeveralFieldsTheFirstCounts() {
    receive("https://a.example/", "max-age=60", "max-age=0");
    assertThat(store.isKnown(Uri.of("http://a.example/"))).isTrue();
    receive("https://b.example/", "nonsense=", "max-age=60");
    assertThat(store.isKnown(Uri.of("http://b.example/"))).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://a.example/",
        "ws://a.example/",
        "https://127.0.0.1/",
        "https://[::1]/",
      })
  void onlyHostsWithNamesAndTls(String uri) {
    receive(uri, "max-age=60; includeSubDomains");
    assertThat(store).hasToString("HstsStore(0)");
    assertThat(upgraded("http://a.example/")).isEqualTo("http://a.example/");
    assertThat(upgraded("http://127.0.0.1/")).isEqualTo("http://127.0.0.1/");
  }

  @Test
  void laterFieldsReplaceEarlierOnes() {
    receive("https://a.example/", "max-age=60; includeSubDomains");
    receive("https://a.example./", "max-age=120");
    assertThat(upgraded("http://x.a.example/")).isEqualTo("http://x.a.example/");
    now = now.plusSeconds(100);
    assertThat(upgraded("http://a.example/")).isEqualTo("https://a.example/");
    assertThat(store).hasToString("HstsStore(1)");
    store.clear();
    assertThat(upgraded("http://a.example/")).isEqualTo("http://a.example/");
  }

  @Test
  void agesOfAnyLength() {
    receive("https://a.example/", "max-age=99999999999999999999999999999999999999");
    now = now.plus(Duration.ofDays(36_000));
    assertThat(store.isKnown(Uri.of("http://a.example/"))).isTrue();
  }

  @Test
  void knowsTenThousandHostsAtMost() {
    receive("https://short.example/", "max-age=1");
    for (int i = 1; i < HstsStore.MAX_HOSTS; i++) {
      receive("https://h" + i + ".example/", "max-age=60");
    }
    assertThat(store).hasToString("HstsStore(10000)");
    now = now.plusSeconds(1);
    receive("https://h1.example/", "max-age=60");
    receive("https://more.example/", "max-age=60");
    assertThat(store).as("the expired one went").hasToString("HstsStore(10000)");
    assertThat(store.isKnown(Uri.of("http://h2.example/"))).isTrue();
    receive("https://another.example/", "max-age=60");
    assertThat(store).hasToString("HstsStore(10000)");
    assertThat(store.isKnown(Uri.of("http://h1.example/"))).as("said so again").isTrue();
    assertThat(store.isKnown(Uri.of("http://h2.example/"))).as("longest ago").isFalse();
    assertThat(store.isKnown(Uri.of("http://another.example/"))).isTrue();
  }

  @Test
  void longFieldsAreReadInOneGo() {
    String escapes = "x=\"" + "\\a".repeat(100_000) + '"';
    receive("https://a.example/", escapes + "; max-age=60" + ";".repeat(100_000));
    assertThat(store.isKnown(Uri.of("http://a.example/"))).isTrue();
    receive("https://b.example/", "x ".repeat(100_000) + "x");
    assertThat(store.isKnown(Uri.of("http://b.example/"))).isFalse();
  }
}
