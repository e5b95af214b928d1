package dev.runnel.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.runnel.http.Headers;
import dev.runnel.http.Method;
import dev.runnel.http.Status;
import dev.runnel.http.Uri;
import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientException.Reason;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** RFC 9110 15.4 and the HTTP-redirect fetch of the Fetch standard, row by row. */
class RedirectPolicyTest {
  private static final String FROM = "http://a.example/x/y?z";

  private static Redirect decide(
      RedirectPolicy policy, String method, String from, int status, String... locations) {
    Headers answer = Headers.EMPTY;
    for (String location : locations) {
      answer = answer.with("location", location);
    }
    return policy.decide(0, Method.of(method), Uri.of(from), Status.of(status), answer);
  }

  private static Redirect decide(String from, String location) {
    return decide(RedirectPolicy.DEFAULT, "GET", from, 302, location);
  }

  private static ClientException refusal(RedirectPolicy policy, String from, String... locations) {
    ClientException failure =
        catchThrowableOfType(
            ClientException.class, () -> decide(policy, "GET", from, 302, locations));
    assertThat(failure).as("redirect of " + from).isNotNull();
    return failure;
  }

  @ParameterizedTest
  @CsvSource({
    // status, method, next method, body dropped
    "301, GET, GET, false",
    "301, HEAD, HEAD, false",
    "301, POST, GET, true",
    "301, PUT, PUT, false",
    "301, DELETE, DELETE, false",
    "301, PATCH, PATCH, false",
    "301, OPTIONS, OPTIONS, false",
    "301, PURGE, PURGE, false",
    "301, post, post, false",
    "302, GET, GET, false",
    "302, HEAD, HEAD, false",
    "302, POST, GET, true",
    "302, PUT, PUT, false",
    "302, DELETE, DELETE, false",
    "303, GET, GET, false",
    "303, HEAD, HEAD, false",
    "303, POST, GET, true",
    "303, PUT, GET, true",
    "303, DELETE, GET, true",
    "303, PATCH, GET, true",
    "303, OPTIONS, GET, true",
    "307, GET, GET, false",
    "307, HEAD, HEAD, false",
    "307, POST, POST, false",
    "307, PUT, PUT, false",
    "308, GET, GET, false",
    "308, HEAD, HEAD, false",
    "308, POST, POST, false",
    "308, DELETE, DELETE, false"
  })
  void methods(int status, String method, String next, boolean dropsBody) {
    Redirect redirect = decide(RedirectPolicy.DEFAULT, method, FROM, status, "/n");
    assertThat(redirect.method().name()).isEqualTo(next);
    assertThat(redirect.dropsBody()).isEqualTo(dropsBody);
    assertThat(redirect.uri().text()).isEqualTo("http://a.example/n");
  }

  @ParameterizedTest
  @CsvSource({
    "301, POST, POST, false",
    "302, POST, POST, false",
    "303, POST, GET, true",
    "303, HEAD, HEAD, false",
    "307, POST, POST, false"
  })
  void methodsWherePostsAreKept(int status, String method, String next, boolean dropsBody) {
    Redirect redirect =
        decide(RedirectPolicy.DEFAULT.withPostKept(true), method, FROM, status, "/n");
    assertThat(redirect.method().name()).isEqualTo(next);
    assertThat(redirect.dropsBody()).isEqualTo(dropsBody);
  }

  @ParameterizedTest
  @ValueSource(
      ints = {200, 201, 202, 204, 206, 300, 304, 305, 306, 309, 310, 399, 400, 401, 404, 500, 503})
  void whatIsNoRedirectIsFinal(int status) {
    assertThat(decide(RedirectPolicy.DEFAULT, "GET", FROM, status, "/n")).isNull();
  }

  @ParameterizedTest
  @ValueSource(ints = {301, 302, 303, 307, 308})
  void withoutLocationItIsFinal(int status) {
    assertThat(decide(RedirectPolicy.DEFAULT, "GET", FROM, status)).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // from | location | to
        "http://a.example/x/y?z | http://b.example/ | http://b.example/",
        "http://a.example/x/y?z | HTTP://B.Example:80 | http://b.example/",
        "http://a.example/x/y?z | //b.example:81/q | http://b.example:81/q",
        "https://a.example/x/y | //b.example/q | https://b.example/q",
        "http://a.example/x/y?z | n | http://a.example/x/n",
        "http://a.example/x/y?z | ../n | http://a.example/n",
        "http://a.example/x/y?z | ../../../n | http://a.example/n",
        "http://a.example/x/y?z | ?q=1 | http://a.example/x/y?q=1",
        "http://a.example/x/y?z | '' | http://a.example/x/y?z",
        "http://a.example/x/y?z | . | http://a.example/x/",
        "http://a.example/x/y?z | /a b | http://a.example/a%20b",
        "http://a.example/x/y?z | /%61 | http://a.example/%61",
        "http://a.example:8080/x | /n | http://a.example:8080/n",
        "http://[::1]:8080/x | /n | http://[::1]:8080/n",
        "http://a.example/ | https://a.example/ | https://a.example/",
        // fragments go along (RFC 9110 10.2.2)
        "http://a.example/x#f | /n | http://a.example/n#f",
        "http://a.example/x#f | /n#g | http://a.example/n#g",
        "http://a.example/x#f | /n# | http://a.example/n#",
        "http://a.example/x | /n#g | http://a.example/n#g",
        "http://a.example/x#a%20b%C3%A4 | http://b.example/ | http://b.example/#a%20b%C3%A4",
        "http://a.example/x#f | ?q | http://a.example/x?q#f",
        // user information goes along to the same origin
        "http://u:p@a.example/x | /n | http://u:p@a.example/n",
        "http://u:p@a.example/x | http://a.example:80/n | http://u:p@a.example/n",
        "http://u@a.example/x | http://a.example/n | http://u@a.example/n",
        "http://:p@a.example/x | http://a.example/n | http://:p@a.example/n",
        "http://u:%3A%40@a.example/x | http://a.example/n | http://u:%3A%40@a.example/n",
        "http://u:p@a.example/x#f | http://a.example/n | http://u:p@a.example/n#f",
        "http://u:p@a.example/x | http://v:q@a.example/n | http://v:q@a.example/n",
        "http://u:p@a.example/x | http://b.example/n | http://b.example/n",
        "http://u:p@a.example/x | http://a.example:81/n | http://a.example:81/n",
        "http://u:p@a.example/x | https://a.example/n | https://a.example/n",
        "http://u:p@a.example/x | http://v:q@b.example/n | http://v:q@b.example/n",
      })
  void targets(String from, String location, String to) {
    assertThat(decide(from, location).uri().text()).isEqualTo(to);
  }

  @Test
  void utf8InLocationIsUnderstood() {
    // What fields give: each byte of UTF-8 is a character of its own.
    assertThat(decide(FROM, "/\u00c3\u00a4").uri().text()).isEqualTo("http://a.example/%C3%A4");
    assertThat(refusal(RedirectPolicy.DEFAULT, FROM, "/\u00e4"))
        .hasMessageContaining("neither ASCII nor UTF-8")
        .extracting(ClientException::reason)
        .isEqualTo(Reason.BAD_REDIRECT);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://",
        "http:///x",
        "http://a b/",
        "http://[::1",
        "http://a.example:99999/",
        "http://a.example:x/",
        "http://a@b@c/",
        "http://a\\@b/",
        "\\\\b.example/",
        "http://b.example%00/",
        "/x\ty",
        "/%zz",
        "ftp://b.example/",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "data:text/plain,x",
        "mailto:a@b.example",
        "ws://b.example/",
        "wss://b.example/",
        // user information that no Authorization can carry (RFC 7617 2)
        "http://u%3Av:p@b.example/",
        "http://u%0Av:p@b.example/",
        "http://u:%00@b.example/",
        "http://%ff:p@b.example/",
      })
  void locationsThatCannotBeFollowed(String location) {
    ClientException failure =
        refusal(RedirectPolicy.DEFAULT, "http://u:secret@a.example/", location);
    assertThat(failure.reason()).isEqualTo(Reason.BAD_REDIRECT);
    assertThat(failure.isUnprocessed()).isFalse();
    assertThat(failure)
        .hasMessageStartingWith("redirect 302 of http://u:***@a.example/ ")
        .hasMessageNotContaining("secret");
  }

  @Test
  void messagesShowNoPasswords() {
    assertThat(refusal(RedirectPolicy.DEFAULT, "https://a.example/", "http://u:secret@b.example/"))
        .hasMessageContaining("b.example")
        .hasMessageNotContaining("secret");
  }

  @ParameterizedTest
  @CsvSource({
    "https://a.example/, http://a.example/, false",
    "https://a.example/, http://b.example/, false",
    "https://a.example/, https://b.example/, true",
    "https://a.example/, //b.example/, true",
    "http://a.example/, https://a.example/, true",
    "http://a.example/, http://b.example/, true"
  })
  void fromHttpsToHttpOnlyWhereAllowed(String from, String location, boolean followed) {
    if (followed) {
      assertThat(decide(from, location)).isNotNull();
    } else {
      ClientException failure = refusal(RedirectPolicy.DEFAULT, from, location);
      assertThat(failure.reason()).isEqualTo(Reason.BAD_REDIRECT);
      assertThat(failure).hasMessageContaining("withHttpsToHttp(true)");
    }
    RedirectPolicy lenient = RedirectPolicy.DEFAULT.withHttpsToHttp(true);
    assertThat(decide(lenient, "GET", from, 302, location)).isNotNull();
  }

  @Test
  void schemesMayBeFewer() {
    RedirectPolicy secure = RedirectPolicy.DEFAULT.withSchemes(Set.of("HTTPS"));
    assertThat(decide(secure, "GET", FROM, 302, "https://b.example/")).isNotNull();
    assertThat(refusal(secure, FROM, "/n"))
        .hasMessageContaining("leads to http://a.example/n, but followed are only [https]");
    RedirectPolicy sockets = RedirectPolicy.DEFAULT.withSchemes(Set.of("wss"));
    assertThat(decide(sockets, "GET", FROM, 302, "wss://b.example/").uri().scheme())
        .isEqualTo("wss");
  }

  @Test
  void severalLocationsMustAgree() {
    assertThat(decide(RedirectPolicy.DEFAULT, "GET", FROM, 302, "/n", "/n").uri().path())
        .isEqualTo("/n");
    assertThat(refusal(RedirectPolicy.DEFAULT, FROM, "/n", "/m").reason())
        .isEqualTo(Reason.BAD_REDIRECT);
  }

  @ParameterizedTest
  @CsvSource({
    // from, to, whether secrets go along
    "http://a.example/, http://a.example/n, true",
    "http://a.example/, http://a.example:80/n, true",
    "http://A.example/, http://a.EXAMPLE/n, true",
    "https://a.example:443/, https://a.example/n, true",
    "http://u:p@a.example/, http://v@a.example/n, true",
    "http://a.example/, http://a.example:81/n, false",
    "http://a.example/, https://a.example/n, false",
    "http://a.example/, https://a.example:80/n, false",
    "http://a.example/, http://b.example/n, false",
    "http://a.example/, http://www.a.example/n, false",
    "http://www.a.example/, http://a.example/n, false",
    "http://a.example/, http://a.example./n, false",
    "http://127.0.0.1/, http://localhost/n, false",
    "http://[::1]/, http://[0:0::1]/n, true"
  })
  void secretsStayWithTheirOrigin(String from, String to, boolean kept) {
    RedirectPolicy policy = RedirectPolicy.DEFAULT.withSecrets("X-Api-Key").withSecrets("x-more");
    Headers sent =
        Headers.of("Authorization", "s", "COOKIE", "s", "cookie", "t", "Cookie2", "s")
            .with("Proxy-Authorization", "s")
            .with("Referer", "s")
            .with("Origin", "s")
            .with("Host", "s")
            .with("WWW-Authenticate", "s")
            .with("x-api-key", "s")
            .with("X-More", "s")
            .with("X-Other", "o")
            .with("Content-Type", "c");
    Headers next = decide(policy, "PUT", from, 307, to).apply(sent);
    if (kept) {
      assertThat(next).isEqualTo(sent);
    } else {
      assertThat(next).isEqualTo(Headers.of("X-Other", "o", "Content-Type", "c"));
    }
  }

  @ParameterizedTest
  @CsvSource({"301, POST, true", "303, PUT, true", "307, POST, false", "301, PUT, false"})
  void fieldsOfTheBodyGoWithIt(int status, String method, boolean dropped) {
    String[] names = {
      "Content-Type", "content-length", "Content-Encoding", "Content-Language", "Content-Location",
      "Content-Disposition", "Content-Range", "Content-MD5", "Content-Digest", "Repr-Digest",
      "Digest", "Last-Modified", "Expect", "Trailer", "Transfer-Encoding"
    };
    Headers sent = Headers.of("Accept", "a", "Authorization", "s");
    for (String name : names) {
      sent = sent.with(name, "v");
    }
    Headers next = decide(RedirectPolicy.DEFAULT, method, FROM, status, "/n").apply(sent);
    assertThat(next).isEqualTo(dropped ? Headers.of("Accept", "a", "Authorization", "s") : sent);
  }

  @Test
  void soManyInARow() {
    Headers answer = Headers.of("Location", "/n");
    Uri from = Uri.of("http://u:secret@a.example/");
    for (int max : new int[] {1, 2, 20}) {
      RedirectPolicy policy = RedirectPolicy.DEFAULT.withMax(max);
      assertThat(policy.decide(max - 1, Method.GET, from, Status.of(302), answer)).isNotNull();
      assertThatThrownBy(() -> policy.decide(max, Method.GET, from, Status.of(302), answer))
          .isInstanceOfSatisfying(
              ClientException.class,
              e -> assertThat(e.reason()).isEqualTo(Reason.TOO_MANY_REDIRECTS))
          .hasMessage(
              "more than " + max + " redirects; the last, 302, came from http://u:***@a.example/");
      assertThat(policy.decide(max, Method.GET, from, Status.of(200), answer)).isNull();
      assertThat(policy.decide(max, Method.GET, from, Status.of(302), Headers.EMPTY)).isNull();
    }
    assertThat(RedirectPolicy.DEFAULT.decide(19, Method.GET, from, Status.of(302), answer))
        .isNotNull();
    assertThatThrownBy(
            () -> RedirectPolicy.DEFAULT.decide(20, Method.GET, from, Status.of(302), answer))
        .isInstanceOf(ClientException.class);
  }

  @Test
  void noneFollowsNothingAndFailsForNothing() {
    assertThat(decide(RedirectPolicy.NONE, "GET", FROM, 302, "http://[")).isNull();
    assertThat(decide(RedirectPolicy.NONE, "GET", FROM, 302, "/n", "/m")).isNull();
  }

  @Test
  void limitsAreChecked() {
    assertThatThrownBy(() -> RedirectPolicy.DEFAULT.withMax(-1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-1");
  }

  @Test
  void theOptionsCanBeSeen() {
    assertThat(RedirectPolicy.DEFAULT.withMax(3).withPostKept(true).withSecrets("X-B", "X-A"))
        .hasToString(
            "RedirectPolicy(max=3, httpsToHttp=false, postKept=true, schemes=[http, https],"
                + " secrets=[x-a, x-b])");
  }
}
