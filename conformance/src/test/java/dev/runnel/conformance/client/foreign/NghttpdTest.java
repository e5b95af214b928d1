package dev.runnel.conformance.client.foreign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.client.CallOptions;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.testing.TlsFiles;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** The client against the server of nghttp2, with its peculiarities turned on. */
class NghttpdTest {
  /** A server for one test. */
  private static final class Nghttpd implements AutoCloseable {
    private final Way way;
    private final int port = Program.freePort();
    private final Program program;

    Nghttpd(Way way, String... options) {
      this.way = way;
      Path where = Program.require("nghttpd", "nghttp2-server");
      Path directory = Program.workplace("nghttpd");
      List<String> command = new ArrayList<>(List.of(where.toString(), "-a", "127.0.0.1"));
      command.addAll(List.of("-d", new Site(directory).root.toString()));
      command.addAll(List.of(options));
      if (way.isTls()) {
        String key = TlsFiles.file("server.key").toString();
        command.addAll(List.of("" + port, key, TlsFiles.file("server.pem").toString()));
      } else {
        command.addAll(List.of("--no-tls", "" + port));
      }
      program = Program.start(directory, command, port);
    }

    String url(String path) {
      return way.scheme + "://localhost:" + port + path;
    }

    @Override
    public void close() {
      program.close();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP_2, -m, 3",
    "HTTP_2, -b, 200",
    "HTTP_2, -w, 12",
    "HTTP_2_TLS, -c, 0",
    "HTTP_2_TLS, --encoder-header-table-size, 0",
    "HTTP_2_TLS, -n, 2",
  })
  void bytesGoBothWaysWhateverItsSettings(Way way, String option, String value) {
    try (Nghttpd server = new Nghttpd(way, "--echo-upload", option, value);
        Caller caller = new Caller(way)) {
      assertThat(Site.sum(caller.get(server.url("/text.txt")).content().bytes()))
          .isEqualTo(Site.sum(Site.TEXT.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
      byte[] content = Site.bytes(2 << 20);
      Response echoed = caller.fetch(Request.post(server.url("/echo")).bytes(content));
      assertThat(Site.sum(echoed.content().bytes())).isEqualTo(Site.sum(content));
      List<String> wrong =
          Many.calls(
              500, 100, i -> Many.expect(caller.client().get(server.url("/small.txt")), "small"));
      assertThat(wrong).isEmpty();
      assertThat(caller.client().stats().connections()).isLessThanOrEqualTo(64);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"HTTP_2", "HTTP_2_TLS"})
  void trailersAreThere(Way way) {
    try (Nghttpd server = new Nghttpd(way, "--trailer=x-end: reached");
        Caller caller = new Caller(way)) {
      List<String> trailers = new CopyOnWriteArrayList<>();
      Response answer = caller.get(server.url("/small.txt"));
      assertThat(answer.content().text()).isEqualTo("small");
      assertThat(answer.trailers()).isNotNull();
      trailers.add(answer.trailers().get().get("x-end"));
      assertThat(trailers).containsExactly("reached");
    }
  }

  @ParameterizedTest
  @CsvSource({"HTTP_2, 10", "HTTP_2_TLS, 10", "HTTP_2, 0", "HTTP_2_TLS, 0"})
  void pushesAreTakenOrRefused(Way way, int pushes) {
    try (Nghttpd server = new Nghttpd(way, "-p/small.txt=/text.txt,/big.bin");
        Caller caller =
            new Caller(way, b -> b.transport(t -> t.withHttp2(t.http2().withPushes(pushes))))) {
      List<CompletableFuture<Response>> answers = new CopyOnWriteArrayList<>();
      List<String> paths = new CopyOnWriteArrayList<>();
      CallOptions listening =
          CallOptions.NONE.withPushes(
              (request, answer) -> {
                paths.add(request.target());
                if (request.target().equals("/big.bin")) {
                  answer.cancel(true); // a promise may be turned down one by one
                } else {
                  answers.add(answer);
                }
              });
      Request request = Request.get(server.url("/small.txt")).with(CallOptions.KEY, listening);
      assertThat(caller.fetch(request).content().text()).isEqualTo("small");
      if (pushes == 0) {
        assertThat(paths).isEmpty();
      } else {
        assertThat(paths).containsExactlyInAnyOrder("/text.txt", "/big.bin");
        assertThat(Caller.await(answers.get(0)).content().text()).isEqualTo(Site.TEXT);
      }
      assertThat(caller.text(server.url("/small.txt"))).isEqualTo("small");
    }
  }
}
