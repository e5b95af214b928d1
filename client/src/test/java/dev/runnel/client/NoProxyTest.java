package dev.runnel.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.http.Uri;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What curl's tests of no_proxy hold, and what we add: ports and {@code *.name}. */
class NoProxyTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        // names, and what is below them
        "a.example | http://a.example/ | true",
        "a.example | https://a.example:8443/x | true",
        "a.example | ws://a.example/ | true",
        "a.example | http://www.a.example/ | true",
        "a.example | http://x.www.a.example/ | true",
        "a.example | http://ba.example/ | false",
        "a.example | http://example/ | false",
        "a.example | http://a.example.evil/ | false",
        "A.Example | http://a.eXAMPLE/ | true",
        ".a.example | http://a.example/ | true",
        ".a.example | http://www.a.example/ | true",
        ".a.example | http://ba.example/ | false",
        "*.a.example | http://a.example/ | false",
        "*.a.example | http://www.a.example/ | true",
        "a.example. | http://a.example/ | true",
        "a.example | http://a.example./ | true",
        "a.example | http://www.a.example./ | true",
        "b\u00fccher.example | http://xn--bcher-kva.example/ | true",
        "localhost | http://localhost:8080/ | true",
        "localhost | http://127.0.0.1/ | false",
        "example | http://a.example/ | true",
        // all
        "* | http://a.example/ | true",
        "* | https://192.168.0.1/ | true",
        "* | http://[::1]/ | true",
        "x.example,* | http://a.example/ | true",
        // lists
        "x.example,a.example | http://a.example/ | true",
        "x.example a.example | http://a.example/ | true",
        "x.example, a.example ,y.example | http://a.example/ | true",
        ",, a.example,, | http://a.example/ | true",
        "x.example,y.example | http://a.example/ | false",
        "'' | http://a.example/ | false",
        "' ' | http://a.example/ | false",
        ", | http://a.example/ | false",
        // ports
        "a.example:80 | http://a.example/ | true",
        "a.example:80 | https://a.example/ | false",
        "a.example:443 | https://a.example/ | true",
        "a.example:8080 | http://www.a.example:8080/ | true",
        "a.example:8080 | http://a.example:8081/ | false",
        "*.a.example:8080 | http://www.a.example:8080/ | true",
        "192.168.0.1:81 | http://192.168.0.1:81/ | true",
        "192.168.0.1:81 | http://192.168.0.1/ | false",
        "[::1]:81 | http://[::1]:81/ | true",
        "[::1]:81 | http://[::1]/ | false",
        // addresses
        "192.168.0.1 | http://192.168.0.1/ | true",
        "192.168.0.1 | http://192.168.0.1:81/ | true",
        "192.168.0.1 | http://192.168.0.10/ | false",
        "192.168.0.1 | http://x.192.168.0.1.example/ | false",
        "::1 | http://[::1]/ | true",
        "[::1] | http://[::1]:8080/ | true",
        "0:0:0:0:0:0:0:1 | http://[::1]/ | true",
        "FD00::A | http://[fd00::a]/ | true",
        "::1 | http://127.0.0.1/ | false",
        "::1 | http://[::2]/ | false",
        "0.0.1 | http://127.0.0.1/ | false",
        ".1 | http://127.0.0.1/ | false",
        "127.0.0.1 | http://[::ffff:127.0.0.1]/ | true",
        // networks (curl 7.86)
        "192.168.0.0/16 | http://192.168.255.255/ | true",
        "192.168.0.0/16 | http://192.169.0.0/ | false",
        "192.168.1.1/24 | http://192.168.1.9/ | true",
        "192.168.1.1/32 | http://192.168.1.1/ | true",
        "192.168.1.1/32 | http://192.168.1.2/ | false",
        "192.168.0.0/17 | http://192.168.127.1/ | true",
        "192.168.0.0/17 | http://192.168.128.1/ | false",
        "10.0.0.0/9 | http://10.127.255.255/ | true",
        "10.0.0.0/9 | http://10.128.0.0/ | false",
        "0.0.0.0/0 | http://1.2.3.4/ | true",
        "0.0.0.0/0 | http://[::1]/ | false",
        "0.0.0.0/0 | http://a.example/ | false",
        "10.0.0.0/8 | http://10.example/ | false",
        "fd00::/8 | http://[fdff::1]/ | true",
        "[fd00::]/8 | http://[fdff::1]/ | true",
        "fd00::/8 | http://[fe00::1]/ | false",
        "2001:db8::/33 | http://[2001:db8:7fff::1]/ | true",
        "2001:db8::/33 | http://[2001:db8:8000::1]/ | false",
        "::1/128 | http://[::1]/ | true",
        "::1/128 | http://[::]/ | false",
        "10.0.0.0/8 | http://[::ffff:10.1.1.1]/ | true",
        // what is none of these matches nothing, and hurts no other
        "192.168.0.0/33 | http://192.168.0.0/ | false",
        "192.168.0.0/-1 | http://192.168.0.0/ | false",
        "192.168.0.0/ | http://192.168.0.0/ | false",
        "192.168.0.0/x | http://192.168.0.0/ | false",
        "192.168.0.0/1000 | http://192.168.0.0/ | false",
        "192.168.0.0/16/16 | http://192.168.0.0/ | false",
        "192.168.0.0:80/16 | http://192.168.0.0/ | false",
        "fd00::/129 | http://[fd00::]/ | false",
        "a.example/8 | http://a.example/ | false",
        "http://a.example | http://a.example/ | false",
        "http://a.example/ | http://a.example/ | false",
        "u@a.example | http://a.example/ | false",
        "a.example?x | http://a.example/ | false",
        "a.example#x | http://a.example/ | false",
        "a.example:99999 | http://a.example/ | false",
        "a.example:x | http://a.example/ | false",
        "192.168.0. | http://192.168.0.1/ | false",
        "[::1 | http://[::1]/ | false",
        "[ | http://a.example/ | false",
        ". | http://a.example/ | false",
        "*. | http://a.example/ | false",
        "**,a.example | http://a.example/ | true",
        "[,%,:,/,a.example | http://a.example/ | true",
      })
  void lists(String list, String url, boolean direct) {
    assertThat(NoProxy.parse(list).matches(Uri.of(url))).isEqualTo(direct);
  }

  @Test
  void whatIsUnderstoodCanBeSeen() {
    assertThat(NoProxy.parse("a.example, http://x/, 10.0.0.0/8,*"))
        .hasToString("[a.example, 10.0.0.0/8, *]");
  }
}
