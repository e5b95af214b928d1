package dev.runnel.conformance.client.foreign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.client.CallOptions;
import dev.runnel.client.DownloadException;
import dev.runnel.client.DownloadOptions;
import dev.runnel.client.Downloaded;
import dev.runnel.client.Downloads;
import dev.runnel.client.StatusException;
import dev.runnel.http.Body;
import dev.runnel.http.OutgoingRequest;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.http.Version;
import dev.runnel.server.Eventually;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The client against nginx, in all ways that both can. */
class NginxTest {
  private static Nginx nginx;

  @TempDir Path folder;

  @BeforeAll
  static void start() {
    nginx = new Nginx();
  }

  @AfterAll
  static void stop() {
    if (nginx != null) {
      nginx.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aFileComesAsItIs(Way way) {
    try (Caller caller = new Caller(way)) {
      Response answer = caller.get(nginx.url(way, "/small.txt"));
      assertThat(answer.status().code()).isEqualTo(200);
      assertThat(answer.received().version()).isEqualTo(way.version);
      assertThat(answer.received().tls() != null).isEqualTo(way.isTls());
      assertThat(answer.headers().get("server")).startsWith("nginx");
      assertThat(answer.content().text()).isEqualTo("small");
    }
  }

  @ParameterizedTest
  @EnumSource
  void answersWithoutContentEndWhereTheyShould(Way way) {
    try (Caller caller = new Caller(way)) {
      Response head = caller.fetch(Request.head(nginx.url(way, "/big.bin")));
      assertThat(head.headers().get("content-length")).isEqualTo("" + Site.BIG_BYTES);
      assertThat(head.content().bytes()).isEmpty();
      String tag = head.headers().get("etag");
      Request unchanged = Request.get(nginx.url(way, "/big.bin")).header("If-None-Match", tag);
      assertThat(caller.status(unchanged)).isEqualTo(304);
      assertThat(caller.status(Request.get(nginx.url(way, "/nothing")))).isEqualTo(404);
      assertThat(caller.text(nginx.url(way, "/small.txt"))).isEqualTo("small");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aConnectionIsKept(Way way) {
    try (Caller caller = new Caller(way)) {
      String connection = "";
      for (int i = 1; i <= 50; i++) {
        String[] said = caller.text(nginx.url(way, "/connection")).split(" ");
        assertThat(said[1]).as("requests on the connection").isEqualTo("" + i);
        assertThat(i == 1 ? said[0] : connection).isEqualTo(said[0]);
        connection = said[0];
      }
      assertThat(caller.client().stats().connections()).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void contentOfUnknownLengthIsWhole(Way way) {
    try (Caller caller = new Caller(way, builder -> builder.withoutDecoding())) {
      Response answer = caller.get(nginx.url(way, "/unknown-length/text.txt"));
      assertThat(answer.headers().get("content-length")).isNull();
      assertThat(answer.content().length()).isEqualTo(-1);
      assertThat(answer.content().text()).isEqualTo(Site.TEXT.replace("line 7\n", "LINE 7\n"));
    }
  }

  @ParameterizedTest
  @EnumSource
  void gzipIsDecodedUnlessTheCallerAskedForIt(Way way) throws IOException {
    try (Caller caller = new Caller(way)) {
      String url = nginx.url(way, "/text.txt");
      Response decoded = caller.get(url);
      assertThat(decoded.headers().get("content-encoding")).isNull();
      assertThat(decoded.content().text()).isEqualTo(Site.TEXT);
      Response raw = caller.fetch(Request.get(url).header("Accept-Encoding", "gzip"));
      assertThat(raw.headers().get("content-encoding")).isEqualTo("gzip");
      byte[] packed = raw.content().bytes();
      assertThat(packed.length).isLessThan(Site.TEXT.length() / 2);
      try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(packed))) {
        assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(Site.TEXT);
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aBigFileIsDownloaded(Way way) {
    try (Caller caller = new Caller(way)) {
      DownloadOptions options = DownloadOptions.DEFAULT.withChecksum("SHA-256", Site.bigSum());
      Downloaded file = Caller.await(download(caller, way, options));
      assertThat(file.bytes()).isEqualTo(Site.BIG_BYTES);
      assertThat(file.resumed()).isFalse();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aDownloadThatWasBrokenOffGoesOn(Way way) throws IOException {
    try (Caller caller = new Caller(way)) {
      CompletableFuture<Void> enough = new CompletableFuture<>();
      DownloadOptions options =
          DownloadOptions.DEFAULT.withResume(true).withChecksum("SHA-256", Site.bigSum());
      CompletableFuture<Downloaded> first =
          download(
              caller,
              way,
              options.withProgress(
                  progress -> {
                    if (progress.bytes() > 1 << 20) {
                      enough.complete(null);
                    }
                  },
                  1000));
      enough.thenRun(() -> first.cancel(true));
      assertThatThrownBy(() -> Caller.await(first)).isInstanceOf(CancellationException.class);
      Eventually.until(
          () -> leftovers().size() == 2, () -> "a part and its record: " + leftovers());
      Downloaded file = again(caller, way, options);
      assertThat(file.resumed()).isTrue();
      assertThat(file.bytes()).isEqualTo(Site.BIG_BYTES);
      assertThat(leftovers()).containsExactly("big.bin");
    }
  }

  /** The one before lets go of the part when the disk is done, and is waited for. */
  private Downloaded again(Caller caller, Way way, DownloadOptions options) {
    AtomicReference<Downloaded> file = new AtomicReference<>();
    Eventually.until(
        () -> {
          try {
            file.set(Caller.await(download(caller, way, options)));
            return true;
          } catch (DownloadException e) {
            assertThat(e.reason()).isEqualTo(DownloadException.Reason.BUSY);
            return false;
          }
        },
        "the first download to let go");
    return file.get();
  }

  private CompletableFuture<Downloaded> download(Caller caller, Way way, DownloadOptions options) {
    return Downloads.start(
        caller.client()::send,
        Request.get(nginx.url(way, "/big.bin")),
        folder.resolve("big.bin"),
        options);
  }

  private List<String> leftovers() {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aDownloadOfNothingFailsAndLeavesNothing(Way way) {
    try (Caller caller = new Caller(way)) {
      Request missing = Request.get(nginx.url(way, "/nothing"));
      CompletableFuture<Downloaded> download =
          Downloads.start(
              caller.client()::send, missing, folder.resolve("x"), DownloadOptions.DEFAULT);
      assertThatThrownBy(() -> Caller.await(download)).isInstanceOf(StatusException.class);
      assertThat(leftovers()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void whatIsPutIsThereAndCanBeDeleted(Way way) {
    try (Caller caller = new Caller(way)) {
      String url = nginx.url(way, "/stored/" + way);
      byte[] content = Site.bytes(3 << 20);
      assertThat(caller.status(Request.put(url).bytes(content))).isEqualTo(201);
      assertThat(caller.get(url).content().bytes()).isEqualTo(content);
      Request streamed = Request.put(url).body((Body.Output) out -> out.write(content, 0, 1 << 20));
      assertThat(caller.status(streamed)).isEqualTo(204);
      assertThat(caller.get(url).content().bytes()).isEqualTo(Site.bytes(1 << 20));
      assertThat(caller.status(Request.delete(url))).isEqualTo(204);
      assertThat(caller.status(Request.get(url))).isEqualTo(404);
    }
  }

  @ParameterizedTest
  @EnumSource
  void anUploadThatIsTooLargeIsAnsweredWhileItIsSent(Way way) {
    try (Caller caller = new Caller(way)) {
      OutgoingRequest post = Request.put(nginx.url(way, "/limited/x"));
      for (int i = 0; i < 5; i++) {
        Response known = caller.fetch(post.bytes(Site.bytes(16 << 20)));
        assertThat(known.status().code()).isEqualTo(413);
        assertThat(known.content().text()).contains("413");
      }
      Response unknown = caller.fetch(post.body(endless()));
      assertThat(unknown.status().code()).isEqualTo(413);
      assertThat(unknown.content().text()).contains("413");
      assertThat(caller.text(nginx.url(way, "/small.txt"))).isEqualTo("small");
    }
  }

  private static Body.Output endless() {
    byte[] piece = Site.bytes(16 << 10);
    return out -> {
      while (true) {
        out.write(piece);
      }
    };
  }

  @ParameterizedTest
  @EnumSource
  void aBodyIsHeldBackUntilItIsWanted(Way way) {
    try (Caller caller = new Caller(way)) {
      List<Integer> heard = new CopyOnWriteArrayList<>();
      CallOptions expecting =
          CallOptions.NONE
              .withExpectContinue()
              .withInformational(head -> heard.add(head.status().code()));
      OutgoingRequest put =
          Request.put(nginx.url(way, "/stored/expected-" + way)).with(CallOptions.KEY, expecting);
      assertThat(caller.status(put.text("wanted"))).isEqualTo(201);
      // Over HTTP/2 nginx takes no notice of Expect, and the client goes on after its time.
      if (way.version == Version.HTTP_1_1) {
        assertThat(heard).containsExactly(100);
      }
      assertThat(heard).hasSizeLessThanOrEqualTo(1).allMatch(code -> code == 100);
      List<Integer> before = List.copyOf(heard);
      // It knows by the length alone that it does not want it.
      Request unwanted =
          Request.post(nginx.url(way, "/small.txt"))
              .bytes(Site.bytes(2 << 20))
              .with(CallOptions.KEY, expecting);
      assertThat(caller.status(unwanted)).isEqualTo(413);
      assertThat(heard).as("nobody wanted it").isEqualTo(before);
    }
  }

  @ParameterizedTest
  @EnumSource
  void redirectsAndCredentialsAreFollowed(Way way) {
    try (Caller caller = new Caller(way)) {
      Response folder = caller.get(nginx.url(way, "/folder"));
      assertThat(folder.received().uri().rawPath()).isEqualTo("/folder/");
      assertThat(folder.content().text()).contains("the folder");
      assertThat(caller.text(nginx.url(way, "/elsewhere"))).isEqualTo("small");
      String url = nginx.url(way, "/secret");
      assertThat(caller.status(Request.get(url))).isEqualTo(401);
      assertThat(caller.text(url.replace("//", "//ann:secret@"))).isEqualTo("hello Ann");
    }
  }

  @ParameterizedTest
  @EnumSource
  void aThousandCallsAtATimeShareFewConnections(Way way) {
    try (Caller caller = new Caller(way)) {
      Set<String> connections = ConcurrentHashMap.newKeySet();
      List<String> wrong =
          Many.calls(
              1000,
              1000,
              i ->
                  caller
                      .client()
                      .get(nginx.url(way, "/connection"))
                      .thenCompose(answer -> answer.content().textAsync())
                      .thenApply(
                          text -> {
                            connections.add(text.split(" ")[0]);
                            return "";
                          }));
      assertThat(wrong).isEmpty();
      assertThat(caller.client().stats().connections()).isLessThanOrEqualTo(64);
    }
  }

  @ParameterizedTest
  @EnumSource
  void noCallIsLostWhenConnectionsEndAfterAFewRequests(Way way) {
    try (Caller caller = new Caller(way)) {
      List<String> wrong =
          Many.calls(
              2000,
              16,
              i -> Many.expect(caller.client().get(nginx.url(way, "/short-lived")), "short"));
      assertThat(wrong).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void noCallIsLostWhenWorkersAreReplaced(Way way) {
    try (Caller caller = new Caller(way)) {
      List<String> wrong =
          Many.calls(
              2000,
              8,
              i -> {
                CompletableFuture<Void> before =
                    i % 500 == 250
                        ? CompletableFuture.runAsync(nginx::reload)
                        : CompletableFuture.completedFuture(null);
                return before.thenCompose(
                    done -> Many.expect(caller.client().get(nginx.url(way, "/one-by-one")), "one"));
              });
      assertThat(wrong).isEmpty();
    }
  }
}
