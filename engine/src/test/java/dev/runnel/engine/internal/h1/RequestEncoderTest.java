package dev.runnel.engine.internal.h1;

import static dev.runnel.engine.internal.h1.ClientFixture.get;
import static dev.runnel.engine.internal.h1.ClientFixture.head;
import static dev.runnel.engine.internal.h1.ClientFixture.post;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.engine.Limits;
import dev.runnel.engine.internal.link.LoopScratch;
import dev.runnel.http.Headers;
import dev.runnel.http.Method;
import dev.runnel.transport.CallHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestEncoderTest {
  private final RequestEncoder encoder = new RequestEncoder();
  private final LoopScratch scratch = new LoopScratch(16);

  private String encode(CallHead head) {
    encoder.check(head);
    ByteBuf out = Unpooled.buffer();
    encoder.head(out, scratch, head);
    return out.toString(ISO_8859_1);
  }

  private static CallHead to(Method method, String authority, String target) {
    return new CallHead(
        method, "http", authority, target, null, Headers.EMPTY, 0, CallHead.Times.DEFAULT);
  }

  @Test
  void writesTheLineThenHostThenTheFields() {
    assertThat(encode(get("X-A", "1", "Accept", "*/*", "x-a", "\u00e9")))
        .isEqualTo("GET / HTTP/1.1\r\nHost: a\r\nX-A: 1\r\nAccept: */*\r\nx-a: \u00e9\r\n\r\n");
  }

  @Test
  void saysHowLongTheBodyIs() {
    assertThat(encode(post(5))).endsWith("\r\nContent-Length: 5\r\n\r\n");
    assertThat(encode(post(Long.MAX_VALUE))).contains("Content-Length: 9223372036854775807\r\n");
    assertThat(encode(post(-1))).endsWith("\r\nTransfer-Encoding: chunked\r\n\r\n");
    for (Method method : new Method[] {Method.POST, Method.PUT, Method.PATCH}) {
      assertThat(encode(head(method, "/", 0))).endsWith("\r\nContent-Length: 0\r\n\r\n");
    }
    for (Method method : new Method[] {Method.GET, Method.HEAD, Method.DELETE, Method.of("X")}) {
      assertThat(encode(head(method, "/", 0))).endsWith(" HTTP/1.1\r\nHost: a\r\n\r\n");
    }
  }

  @Test
  void keepsTheFramingToItself() {
    String[] fields = {
      "host",
      "evil",
      "HOST",
      "evil",
      "Content-Length",
      "7",
      "content-length",
      "8",
      "Transfer-Encoding",
      "chunked",
      "Keep-Alive",
      "timeout=5",
      "Proxy-Connection",
      "keep-alive",
      "Connection",
      "keep-alive, X-Own",
      "Upgrade",
      "websocket",
      "TE",
      "gzip",
      "X-Own",
      "1"
    };
    assertThat(encode(get(fields))).isEqualTo("GET / HTTP/1.1\r\nHost: a\r\nX-Own: 1\r\n\r\n");
  }

  @Test
  void honoursTheWishesThatAConnectionMayHave() {
    assertThat(encode(get("Connection", "close"))).contains("\r\nConnection: close\r\n");
    assertThat(encode(get("Connection", "Upgrade", "Upgrade", "websocket")))
        .contains("\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n");
    assertThat(encode(get("Connection", "upgrade"))).doesNotContain("pgrade");
    assertThat(encode(get("TE", "trailers"))).contains("TE: trailers\r\nConnection: TE\r\n");
    assertThat(encode(get("Connection", "close, upgrade", "Upgrade", "a/1, b", "TE", "trailers")))
        .contains("\r\nConnection: close, Upgrade, TE\r\n");
  }

  @Test
  void takesEveryFormThatTheMethodAllows() {
    assertThat(encode(to(Method.GET, "[::1]:80", "/a?b=c/d?e&f=%20")))
        .startsWith("GET /a?b=c/d?e&f=%20 HTTP/1.1\r\nHost: [::1]:80\r\n");
    assertThat(encode(to(Method.OPTIONS, "a", "*"))).startsWith("OPTIONS * HTTP/1.1\r\n");
    assertThat(encode(to(Method.GET, "a:1", "http://a:1/x")))
        .startsWith("GET http://a:1/x HTTP/1.1\r\nHost: a:1\r\n");
    assertThat(encode(to(Method.CONNECT, "a:443", "a:443")))
        .isEqualTo("CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "/ ",
        "/a b",
        " /a",
        "/a HTTP/1.1\r\nX: 1",
        "/a\r\nX: 1",
        "/a\nX: 1",
        "/a\rX",
        "/\0",
        "/\t",
        "/\u007f",
        "/\u00e9",
        "/\u0120",
        "/\u010a",
        "/\u010d\u010a",
        "/#top",
        "/\"",
        "/<",
        "/%",
        "/%2",
        "/%zz",
        "a",
        "*",
        "//a b",
        "ftp://a/",
        "http://",
        "http:///x",
        "http://u@a/",
        "http://a b/",
        "http://a\r\n/",
        "\u200b/"
      })
  void sendsNoTargetThatCouldBeMisread(String target) {
    assertThatThrownBy(() -> encode(to(Method.GET, "a", target)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("target of the request");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "a", "a:", "a:0x", "http://a:1", "u@a:1", "a:1 ", "a:1\r\n", "*"})
  void connectsToAHostAndAPortOnly(String target) {
    assertThatThrownBy(() -> encode(to(Method.CONNECT, "a", target)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("target of the request");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "a b",
        "a\r\nX: 1",
        "a\n",
        "u:secret@a",
        "a/",
        "a?b",
        "a#",
        "[::1",
        "::1",
        "a:x",
        "a:65536",
        "a:-1",
        "\u00e9",
        "a\u010a",
        "a\t",
        "a,b c"
      })
  void sendsNoHostThatCouldBeMisread(String authority) {
    assertThatThrownBy(() -> encode(to(Method.GET, authority, "/")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("authority of the request")
        .message()
        .doesNotContain("secret");
  }

  @Test
  void connectHasNoBody() {
    assertThatThrownBy(() -> encode(head(Method.CONNECT, "a:1", 5)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("CONNECT");
  }

  /** Whatever passes the check is one request to our own parser, and the one that was meant. */
  @Test
  void whatIsSentIsReadAsItWasMeant() throws RejectedException {
    Random random = new Random(3986);
    String alphabet = "/ab?&=%20#: \r\n\t\u00e9\u010a@[]*.";
    RequestParser parser = new RequestParser(Limits.DEFAULT);
    int sent = 0;
    for (int round = 0; round < 200_000; round++) {
      StringBuilder target = new StringBuilder("/");
      for (int i = random.nextInt(8); i > 0; i--) {
        target.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      byte[] data;
      try {
        data = encode(to(Method.GET, "a", target.toString())).getBytes(ISO_8859_1);
      } catch (IllegalArgumentException refused) {
        continue;
      }
      sent++;
      assertThat(parser.parse(data, 0, data.length)).isEqualTo(data.length);
      assertThat(parser.head().target()).isEqualTo(target.toString());
      assertThat(parser.head().headers().size()).isEqualTo(1);
    }
    assertThat(sent).isGreaterThan(20_000);
  }
}
