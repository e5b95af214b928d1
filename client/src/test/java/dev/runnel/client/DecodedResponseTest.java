package dev.runnel.client;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import dev.runnel.http.Body;
import dev.runnel.http.BodyReader;
import dev.runnel.http.Method;
import dev.runnel.http.Response;
import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Which answers are decoded, and which codings are asked for. */
class DecodedResponseTest {
  private final TestLoop loop = new TestLoop();
  private boolean discarded;

  private final class Coming implements Body.Source {
    private final Bytes bytes;

    Coming(byte[] bytes) {
      this.bytes = Bytes.copyOf(bytes);
    }

    @Override
    public Loop home() {
      return loop;
    }

    @Override
    public BodyReader open() {
      return ScriptedReader.of(loop, bytes);
    }

    @Override
    public void discard() {
      discarded = true;
    }
  }

  private Response coded(int status) {
    byte[] body = Coded.encode("br", Coded.encode("gzip", new byte[] {'h', 'i'}));
    return Response.of(status)
        .header("Content-Encoding", "gzip")
        .header("content-encoding", "br")
        .header("Content-Length", Integer.toString(body.length))
        .header("ETag", "\"1\"")
        .body(new Coming(body));
  }

  @Test
  void aDecodedAnswerDoesNotSpeakOfItsCodingsAnyMore() {
    Response response = ContentDecoding.DEFAULT.decode(Method.GET, coded(200));
    assertThat(response.headers().contains("Content-Encoding")).isFalse();
    assertThat(response.headers().contains("Content-Length")).isFalse();
    assertThat(response.headers().get("ETag")).isEqualTo("\"1\"");
    assertThat(response.body().length()).isEqualTo(-1);
    assertThat(response.content().home()).isSameAs(loop);
    BodyReader reader = ((Body.Source) response.body()).open();
    assertThat(ReadAll.all(loop, reader)).asString().isEqualTo("hi");
  }

  @Test
  void aDecodedBodyThatNobodyWantsIsDiscarded() {
    Body.discard(ContentDecoding.DEFAULT.decode(Method.GET, coded(200)).body());
    assertThat(discarded).isTrue();
  }

  @Test
  void whatHasNoBodyOrAPartOfOneIsLeftAlone() {
    for (int status : List.of(204, 206, 304)) {
      Response response = coded(status);
      assertThat(ContentDecoding.DEFAULT.decode(Method.GET, response)).isSameAs(response);
    }
    Response response = coded(200);
    assertThat(ContentDecoding.DEFAULT.decode(Method.HEAD, response)).isSameAs(response);
    Response plain = Response.of(200).body(new Coming(new byte[3]));
    assertThat(ContentDecoding.DEFAULT.decode(Method.GET, plain)).isSameAs(plain);
    Response unknown = plain.header("Content-Encoding", "pack200-gzip");
    assertThat(ContentDecoding.DEFAULT.decode(Method.GET, unknown)).isSameAs(unknown);
    Response whole = Response.ok("text").header("Content-Encoding", "gzip");
    assertThat(ContentDecoding.DEFAULT.decode(Method.GET, whole)).isSameAs(whole);
  }

  @Test
  void withoutTheLibrariesTheirCodingsAreNotAskedFor() throws Exception {
    List<URL> lean = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      if (!entry.contains("brotli") && !entry.contains("zstd")) {
        lean.add(Path.of(entry).toUri().toURL());
      }
    }
    try (URLClassLoader loader =
        new URLClassLoader(lean.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      Class<?> type = loader.loadClass("dev.runnel.client.ContentDecoding");
      assertThat(type.getMethod("acceptEncoding").invoke(null)).isEqualTo("gzip, deflate");
    }
  }

  @Test
  void aNativeLibraryThatDoesNotLoadIsSaidAtDebug() {
    Logger logger = (Logger) LoggerFactory.getLogger("runnel.client");
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    Level before = logger.getLevel();
    logger.setLevel(Level.DEBUG);
    logger.addAppender(lines);
    lines.start();
    try {
      boolean works =
          Codings.works(
              "lib (x)",
              () -> {
                throw new UnsatisfiedLinkError("no such file");
              });
      assertThat(works).isFalse();
    } finally {
      logger.detachAppender(lines);
      logger.setLevel(before);
    }
    assertThat(lines.list)
        .singleElement()
        .satisfies(
            line -> {
              assertThat(line.getLevel()).isEqualTo(Level.DEBUG);
              assertThat(line.getFormattedMessage()).contains("lib (x)");
            });
  }
}
