package dev.runnel.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.http.Headers;
import dev.runnel.http.Request;
import dev.runnel.transport.Proxy;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Calls through the proxies that an environment names. */
class ProxyCallsTest extends CallCases {
  private static final Map<String, String> ENVIRONMENT =
      Map.of(
          "http_proxy", "http://u:p@forward.example:3128",
          "https_proxy", "socks5h://tunnel.example",
          "no_proxy", "direct.example,10.0.0.0/8");

  @BeforeEach
  void proxies() {
    client(b -> b.proxies(ProxySettings.of(ENVIRONMENT)));
  }

  private String proxy() {
    Proxy proxy = destination().proxy();
    return proxy == null ? "" : proxy.toString();
  }

  @ParameterizedTest
  @CsvSource({
    "http://a.example/x, http://u:***@forward.example:3128, http://a.example/x",
    "http://a.example:81/, http://u:***@forward.example:3128, http://a.example:81/",
    "https://a.example/x, socks5h://tunnel.example:1080, /x",
    "http://direct.example/x, '', /x",
    "https://www.direct.example/x, '', /x",
    "http://10.1.2.3/x, '', /x"
  })
  void theyAreChosenByUrl(String url, String proxy, String target) {
    get(url);
    assertThat(proxy()).isEqualTo(proxy);
    assertThat(call().head.target()).isEqualTo(target);
    answer(200);
  }

  @Test
  void eachHopHasItsOwn() {
    get("http://a.example/");
    answer(302, "Location", "http://direct.example/");
    assertThat(proxy()).isEmpty();
    answer(302, "Location", "https://a.example/");
    assertThat(proxy()).isEqualTo("socks5h://tunnel.example:1080");
    answer(200);
  }

  @Test
  void upgradedRequestsTakeTheProxyOfHttps() {
    HstsStore store = new HstsStore();
    store.receive(
        Request.get("https://a.example/").uri(),
        Headers.of("Strict-Transport-Security", "max-age=60"));
    client(b -> b.proxies(ProxySettings.of(ENVIRONMENT)).hsts(store));
    get("http://a.example/x");
    assertThat(proxy()).isEqualTo("socks5h://tunnel.example:1080");
    assertThat(asked()).isEqualTo("https://a.example/x");
    answer(200);
  }

  @Test
  void credentialsOfTheTargetAreNoPartOfIt() {
    get("http://joe:secret@a.example/x");
    assertThat(call().head.target()).isEqualTo("http://a.example/x");
    assertThat(sent("Authorization")).isEqualTo(Credentials.basic("joe", "secret"));
    answer(200);
  }

  @Test
  void aProxyThatForwardsIsToldWhoWeAreWithEveryRequest() {
    get("http://a.example/");
    assertThat(sent("Proxy-Authorization")).isEqualTo(Credentials.basic("u", "p"));
    answer(302, "Location", "http://b.example/");
    assertThat(sent("Proxy-Authorization")).isEqualTo(Credentials.basic("u", "p"));
    answer(302, "Location", "http://direct.example/");
    assertThat(sent("Proxy-Authorization")).isEmpty();
    answer(200);
    // Not what was said to somebody else; and a user without a password has an empty one.
    Proxy own = Proxy.of("http://only@own.example");
    Request request = Request.get("http://a.example/").header("Proxy-Authorization", "Basic eDp5");
    send(request.with(CallOptions.KEY, CallOptions.NONE.withProxy(own)));
    assertThat(sent("Proxy-Authorization")).isEqualTo(Credentials.basic("only", ""));
    answer(200);
  }

  @ParameterizedTest
  @CsvSource({
    "https://a.example/, http://u:p@proxy.example",
    "http://a.example/, socks5h://u:p@proxy.example",
    "http://a.example/, http://proxy.example"
  })
  void whoWeAreToAProxyIsNoBusinessOfTheServer(String url, String proxy) {
    CallOptions options = CallOptions.NONE.withProxy(Proxy.of(proxy));
    send(Request.get(url).with(CallOptions.KEY, options));
    assertThat(sent("Proxy-Authorization")).isEmpty();
    answer(200);
  }

  @Test
  void aCallMayHaveItsOwn() {
    Proxy own = new Proxy(Proxy.Kind.HTTPS, "own.example", 443);
    send(Request.get("http://a.example/").with(CallOptions.KEY, CallOptions.NONE.withProxy(own)));
    assertThat(proxy()).isEqualTo("https://own.example:443");
    answer(200);
    send(Request.get("http://a.example/").with(CallOptions.KEY, CallOptions.NONE.withoutProxy()));
    assertThat(proxy()).isEmpty();
    answer(200);
  }

  @Test
  void webSocketsTakeThoseOfTheirSchemes() {
    Client client = client(b -> b.proxies(ProxySettings.of(ENVIRONMENT)));
    client.upgrade(Request.get("wss://a.example/"), "websocket", version -> Headers.EMPTY);
    transport.loop.run();
    assertThat(proxy()).isEqualTo("socks5h://tunnel.example:1080");
    answer(403);
    client.upgrade(Request.get("ws://direct.example/"), "websocket", version -> Headers.EMPTY);
    transport.loop.run();
    assertThat(proxy()).isEmpty();
    answer(403);
  }
}
