package dev.runnel.conformance.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import dev.runnel.engine.ServerObserver;
import dev.runnel.http.Request;
import dev.runnel.http.Status;
import dev.runnel.testing.Answer;
import dev.runnel.testing.Peer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SEMANTICS 1: the body of the answer, in each framing. */
@EveryGround
class AnswerBodyContractTest extends Contract {
  private static final int PIECE = 16 << 10;

  @TempDir Path dir;

  @Test
  void aWholeBodyHasItsLength() {
    Peer peer = connect();
    Answer answer = peer.send(get("/bytes/1000")).answer();
    assertThat(answer.header("Content-Length")).isEqualTo("1000");
    assertThat(answer.headers("Transfer-Encoding")).isEmpty();
    assertThat(answer.body()).hasSize(1000);
    assertServes(peer);
  }

  @Test
  void aLargeWholeBodyHasItsLength() {
    Peer peer = connect();
    Answer answer = peer.send(get("/bytes/1000000")).answer();
    assertThat(answer.header("Content-Length")).isEqualTo("1000000");
    assertThat(answer.body()).hasSize(1_000_000);
    assertServes(peer);
  }

  @Test
  void aStreamIsChunked() {
    Peer peer = connect();
    Answer answer = peer.send(get("/chunks/3")).answer();
    assertThat(answer.header("Transfer-Encoding")).isEqualTo("chunked");
    assertThat(answer.headers("Content-Length")).isEmpty();
    assertThat(answer.body()).hasSize(3 * PIECE);
    assertServes(peer);
  }

  @Test
  void anEmptyStreamEnds() {
    Peer peer = connect();
    assertThat(peer.send(get("/chunks/0")).answer().body()).isEmpty();
    assertServes(peer);
  }

  @Test
  void aStreamOfDeclaredLengthIsNotChunked() {
    Peer peer = connect();
    Answer answer = peer.send(get("/declared")).answer();
    assertThat(answer.header("Content-Length")).isEqualTo("10");
    assertThat(answer.headers("Transfer-Encoding")).isEmpty();
    assertThat(answer.body()).isEqualTo("1234567890");
    assertServes(peer);
  }

  @Test
  void whatIsWrittenGoesOutBeforeTheEnd() {
    Peer peer = connect();
    peer.send(get("/stream/a"));
    assertThat(peer.take("first \r\n")).contains("200 OK", "chunked");
    probe.open("a");
    assertThat(peer.take("\r\n\r\n")).contains("second");
    assertServes(peer);
  }

  @Test
  void trailersStandBehindTheLastChunk() {
    Peer peer = connect();
    peer.send(get("/stream/a"));
    probe.open("a");
    Answer answer = peer.answer();
    assertThat(answer.body()).isEqualTo("first second");
    assertThat(answer.trailers()).containsExactly("X-Sum: 1");
    assertServes(peer);
  }

  @Test
  void aWholeBodyMayHaveTrailers() {
    Peer peer = connect();
    Answer answer = peer.send(get("/trailers")).answer();
    assertThat(answer.header("Transfer-Encoding")).isEqualTo("chunked");
    assertThat(answer.body()).isEqualTo("whole");
    assertThat(answer.trailers()).containsExactly("X-Sum: 1");
    assertServes(peer);
  }

  @Test
  void bodiesGoBothWaysAtOnce() {
    Peer peer = connect();
    peer.send(head("POST", "/echo", "Transfer-Encoding: chunked\r\n") + chunk("hello "));
    peer.take("hello ");
    peer.send(chunk("world"));
    peer.take("world");
    peer.send("0\r\n\r\n");
    peer.take("0\r\n\r\n");
    assertServes(peer);
  }

  @Test
  void blockingCodeWritesAStream() {
    Peer peer = connect();
    Answer answer = peer.send(get("/output/5")).answer();
    assertThat(answer.body()).hasSize(5 * PIECE);
    assertServes(peer);
  }

  @Test
  void noContentHasNoLength() {
    Peer peer = connect();
    Answer answer = peer.send(get("/no-content")).answer();
    assertThat(answer.status()).isEqualTo(204);
    assertThat(answer.headers("Content-Length")).isEmpty();
    assertThat(answer.headers("Transfer-Encoding")).isEmpty();
    assertServes(peer);
  }

  @Test
  void aFileIsSentAndClosed() throws IOException {
    Path file = file(3_000_000);
    Peer peer = connect();
    Answer answer = peer.send(get("/file")).answer();
    assertThat(answer.header("Content-Length")).isEqualTo("3000000");
    assertThat(answer.header("Content-Type")).startsWith("text/plain");
    assertThat(answer.body()).isEqualTo(Files.readString(file));
    assertServes(peer);
    awaitClosed(file);
  }

  @Test
  void anEmptyFileIsSentAndClosed() throws IOException {
    Path file = file(0);
    Peer peer = connect();
    Answer answer = peer.send(get("/file")).answer();
    assertThat(answer.header("Content-Length")).isEqualTo("0");
    assertServes(peer);
    awaitClosed(file);
  }

  @Test
  void filesArePipelined() throws IOException {
    Path file = file(100_000);
    Peer peer = connect();
    peer.send((get("/file") + get("/text")).repeat(5));
    for (int i = 0; i < 5; i++) {
      assertThat(peer.answer().body()).isEqualTo(Files.readString(file));
      assertThat(peer.answer().body()).isEqualTo("hi");
    }
    awaitClosed(file);
  }

  @Test
  void theFileOfAClientThatLeftIsClosed() throws IOException {
    Path file = file(20_000_000);
    Peer peer = start().connectNarrow();
    peer.reading(false);
    peer.send(get("/file"));
    ground().settle();
    peer.vanish();
    ground().until(() -> ground().calls() == 0, "the call to end");
    awaitClosed(file);
  }

  @Test
  void aFileThatShrinksBreaksTheAnswerOff() throws IOException {
    Path file = file(20_000_000);
    Peer peer = start(options -> options.observer(truncates(file))).connect();
    peer.send(get("/file"));
    assertThat(awaitBrokenOff(peer).length()).as("bytes that came").isLessThan(20_000_000);
    awaitClosed(file);
    logs.take(Level.WARN);
  }

  /** Once the head is sent: before that a file that shrank is an answer, and no broken one. */
  private static ServerObserver truncates(Path file) {
    return new ServerObserver() {
      @Override
      public void responseStarted(Request request, Status status) {
        try (var channel = Files.newByteChannel(file, StandardOpenOption.WRITE)) {
          channel.truncate(1_000);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    };
  }

  @Test
  void aMissingFileIs404() {
    probe.file(dir.resolve("none.txt"));
    assertThat(connect().send(get("/file")).answer().status()).isEqualTo(404);
  }

  private Path file(int size) throws IOException {
    StringBuilder text = new StringBuilder(size);
    for (int i = 0; text.length() < size; i++) {
      text.append(i).append(' ');
    }
    text.setLength(size);
    Path file = Files.writeString(dir.resolve("file.txt"), text);
    probe.file(file);
    return file;
  }

  /** Nobody has the file open any more. Known on Linux only, where tests of CI run. */
  private void awaitClosed(Path file) {
    ground().until(() -> !isOpen(file), "the file to be closed");
  }

  private static boolean isOpen(Path file) {
    Path open = Path.of("/proc/self/fd");
    if (!Files.isDirectory(open)) {
      return false;
    }
    try (var links = Files.list(open)) {
      return links.anyMatch(link -> pointsTo(link, file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean pointsTo(Path link, Path file) {
    try {
      return Files.readSymbolicLink(link).equals(file);
    } catch (IOException e) {
      return false; // closed meanwhile
    }
  }
}
