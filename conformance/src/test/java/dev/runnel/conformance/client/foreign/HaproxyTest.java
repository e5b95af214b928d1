package dev.runnel.conformance.client.foreign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.testing.TlsFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** HAProxy between our client and our server, which it tells by PROXY protocol who asks. */
class HaproxyTest {
  private static final String CONFIGURATION =
      """
      global
        maxconn 200
      defaults
        mode http
        timeout connect 10s
        timeout client 20s
        timeout server 20s
      frontend front
        bind 127.0.0.1:FRONT BINDING
        http-response set-header x-asked-from %[src]:%[src_port]
        default_backend back
      backend back
        server one 127.0.0.1:BACK SENDING
      """;

  @ParameterizedTest
  @CsvSource({
    "HTTP_1, send-proxy, HTTP_1",
    "HTTP_1, send-proxy-v2, HTTP_2",
    "HTTP_2, send-proxy-v2, HTTP_1",
    "HTTP_1_TLS, send-proxy, HTTP_2",
    "HTTP_2_TLS, send-proxy, HTTP_1",
    "HTTP_2_TLS, send-proxy-v2, HTTP_2",
  })
  void ourServerKnowsWhoAsks(Way front, String sending, Way back) throws IOException {
    Path program = Program.require("haproxy", "haproxy");
    Path directory = Program.workplace("haproxy");
    int port = Program.freePort();
    try (Origin origin = new Origin(back, o -> o.proxyProtocol(true))) {
      Path file = directory.resolve("haproxy.cfg");
      Files.writeString(
          file,
          CONFIGURATION
              .replace("FRONT", "" + port)
              .replace("BINDING", binding(front, directory))
              .replace("BACK", "" + origin.port())
              .replace("SENDING", sending + (back == Way.HTTP_2 ? " proto h2" : "")));
      List<String> command = List.of(program.toString(), "-db", "-f", file.toString());
      try (Program haproxy = Program.start(directory, command, port);
          Caller caller = new Caller(front)) {
        ask(caller, front, back, front.scheme + "://localhost:" + port);
        assertThat(haproxy.said()).doesNotContain("ALERT");
      }
    }
  }

  private static String binding(Way front, Path directory) throws IOException {
    if (!front.isTls()) {
      return front == Way.HTTP_2 ? "proto h2" : "";
    }
    Path both = directory.resolve("server.both.pem");
    Files.writeString(both, TlsFiles.text("server.pem") + TlsFiles.text("server.key"));
    return "ssl crt " + both + " alpn h2,http/1.1";
  }

  private static void ask(Caller caller, Way front, Way back, String base) {
    for (int i = 0; i < 20; i++) {
      Response answer = caller.get(base + "/who");
      assertThat(answer.received().version()).isEqualTo(front.version);
      String asked = answer.headers().get("x-asked-from");
      assertThat(answer.content().text()).isEqualTo(back.version + " /" + asked);
    }
    byte[] content = Site.bytes(512 << 10);
    Response echoed = caller.fetch(Request.post(base + "/echo").bytes(content));
    assertThat(echoed.content().bytes()).isEqualTo(content);
    List<String> wrong =
        Many.calls(
            500,
            16,
            i ->
                Many.expect(
                    caller.client().send(Request.post(base + "/echo").text("call " + i)),
                    "call " + i));
    assertThat(wrong).isEmpty();
  }
}
