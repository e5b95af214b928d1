package dev.runnel.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.http.Uri;
import dev.runnel.transport.Proxy;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProxySettingsTest {
  /** Variables as a shell has them: {@code a=b c=d}. */
  private static Map<String, String> environment(String text) {
    Map<String, String> variables = new LinkedHashMap<>();
    for (String pair : text.split(" ", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        variables.put(pair.substring(0, equals), pair.substring(equals + 1));
      }
    }
    return variables;
  }

  private static String proxyFor(String environment, String url) {
    Proxy proxy = ProxySettings.of(environment(environment)).proxyFor(Uri.of(url));
    return proxy == null ? null : proxy.toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // environment | url | proxy
        "'' | http://a.example/ | ",
        "http_proxy=http://p:1 | http://a.example/ | http://p:1",
        "http_proxy=http://p:1 | ws://a.example/ | http://p:1",
        "http_proxy=http://p:1 | https://a.example/ | ",
        "http_proxy=http://p:1 | wss://a.example/ | ",
        "https_proxy=http://p:1 | https://a.example/ | http://p:1",
        "https_proxy=http://p:1 | wss://a.example/ | http://p:1",
        "https_proxy=http://p:1 | http://a.example/ | ",
        "all_proxy=http://p:1 | http://a.example/ | http://p:1",
        "all_proxy=http://p:1 | https://a.example/ | http://p:1",
        "all_proxy=http://p:1 | wss://a.example/ | http://p:1",
        "all_proxy=http://p:1 http_proxy=http://q:2 | http://a.example/ | http://q:2",
        "all_proxy=http://p:1 http_proxy=http://q:2 | https://a.example/ | http://p:1",
        "all_proxy=http://p:1 https_proxy=http://q:2 | https://a.example/ | http://q:2",
        // upper case, and which comes first
        "HTTP_PROXY=http://p:1 | http://a.example/ | http://p:1",
        "HTTPS_PROXY=http://p:1 | https://a.example/ | http://p:1",
        "ALL_PROXY=http://p:1 | https://a.example/ | http://p:1",
        "HTTP_PROXY=http://p:1 http_proxy=http://q:2 | http://a.example/ | http://q:2",
        "HTTPS_PROXY=http://p:1 https_proxy=http://q:2 | https://a.example/ | http://q:2",
        "ALL_PROXY=http://p:1 all_proxy=http://q:2 | https://a.example/ | http://q:2",
        "Http_Proxy=http://p:1 | http://a.example/ | ",
        "HTTP_PROXY=http://p:1 all_proxy=http://q:2 | http://a.example/ | http://p:1",
        // an empty value is none
        "http_proxy= | http://a.example/ | ",
        "http_proxy= HTTP_PROXY=http://p:1 | http://a.example/ | http://p:1",
        "http_proxy= all_proxy=http://p:1 | http://a.example/ | http://p:1",
        // CGI: HTTP_PROXY is the Proxy field of somebody's request (CVE-2016-5385)
        "REQUEST_METHOD=GET HTTP_PROXY=http://p:1 | http://a.example/ | ",
        "REQUEST_METHOD= HTTP_PROXY=http://p:1 | http://a.example/ | ",
        "REQUEST_METHOD=GET http_proxy=http://p:1 | http://a.example/ | http://p:1",
        "REQUEST_METHOD=GET HTTPS_PROXY=http://p:1 | https://a.example/ | http://p:1",
        "REQUEST_METHOD=GET HTTP_PROXY=http://p:1 ALL_PROXY=http://q:2 | http://a.example/ | http://q:2",
        // values are URLs, or hosts of HTTP proxies
        "http_proxy=p | http://a.example/ | http://p:80",
        "http_proxy=p:3128 | http://a.example/ | http://p:3128",
        "http_proxy=p:3128/ | http://a.example/ | http://p:3128",
        "http_proxy=https://p | http://a.example/ | https://p:443",
        "http_proxy=socks4://p | http://a.example/ | socks4://p:1080",
        "http_proxy=SOCKS5H://P:9050 | http://a.example/ | socks5h://p:9050",
        "http_proxy=http://u:secret@p:1 | http://a.example/ | http://u:***@p:1",
        "http_proxy=u@p:1 | http://a.example/ | http://u@p:1",
        "http_proxy=http://[::1]:3128 | http://a.example/ | http://[::1]:3128",
        // no_proxy
        "http_proxy=http://p:1 no_proxy=a.example | http://a.example/ | ",
        "http_proxy=http://p:1 no_proxy=a.example | http://b.example/ | http://p:1",
        "https_proxy=http://p:1 no_proxy=a.example | https://www.a.example/ | ",
        "all_proxy=http://p:1 NO_PROXY=a.example | https://a.example/ | ",
        "all_proxy=http://p:1 NO_PROXY=a.example no_proxy=b.example | https://a.example/ | http://p:1",
        "all_proxy=http://p:1 NO_PROXY=a.example no_proxy= | https://a.example/ | ",
        "all_proxy=http://p:1 no_proxy=* | https://a.example/ | ",
        "all_proxy=http://p:1 no_proxy=10.0.0.0/8,localhost | http://10.1.2.3/ | ",
        // our own machine is no exception, as with curl
        "all_proxy=http://p:1 | http://localhost/ | http://p:1",
        "all_proxy=http://p:1 | http://127.0.0.1/ | http://p:1",
        "all_proxy=http://p:1 | http://[::1]/ | http://p:1",
      })
  void theEnvironmentSays(String environment, String url, String proxy) {
    assertThat(proxyFor(environment, url)).isEqualTo(proxy);
  }

  @Test
  void spacesAroundAreNoPartOfAProxy() {
    Map<String, String> environment = Map.of("http_proxy", " http://p:1 ", "https_proxy", "  ");
    ProxySettings settings = ProxySettings.of(environment);
    assertThat(settings.proxyFor(Uri.of("http://a.example/"))).hasToString("http://p:1");
    assertThat(settings.proxyFor(Uri.of("https://a.example/"))).isNull();
  }

  @ParameterizedTest
  @CsvSource({
    "http_proxy, ftp://p:1",
    "HTTP_PROXY, http://p:1/path",
    "https_proxy, http://p:x",
    "HTTPS_PROXY, http://",
    "all_proxy, socks6://u:secret@p",
    "ALL_PROXY, http://u:secret@p:99999",
    "http_proxy, socks4://u:secret@p",
    "http_proxy, http://u%3Av:secret@p"
  })
  void whatIsNoProxyIsRefusedByItsVariable(String variable, String value) {
    assertThatThrownBy(() -> ProxySettings.of(Map.of(variable, value)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("environment variable " + variable + " must be a proxy")
        .hasMessageNotContaining("secret");
  }

  @Test
  void passwordsAreNotShown() {
    assertThat(
            ProxySettings.of(environment("http_proxy=http://u:secret@p:1 no_proxy=a.example,*.b")))
        .hasToString("ProxySettings(http=http://u:***@p:1, https=null, direct=[a.example, *.b])");
  }

  @Test
  void choices() {
    Proxy proxy = new Proxy(Proxy.Kind.SOCKS5H, "p", 1080);
    Uri uri = Uri.of("http://a.example/");
    assertThat(ProxyChoice.NONE.proxyFor(uri)).isNull();
    assertThat(ProxyChoice.all(proxy).proxyFor(uri)).isEqualTo(proxy);
    ProxyChoice most = ProxyChoice.all(proxy).except("localhost, .a.example");
    assertThat(most.proxyFor(uri)).isNull();
    assertThat(most.proxyFor(Uri.of("http://b.example/"))).isEqualTo(proxy);
    assertThat(most.except("b.example").proxyFor(Uri.of("http://b.example/"))).isNull();
  }
}
