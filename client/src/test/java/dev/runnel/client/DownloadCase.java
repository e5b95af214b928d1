package dev.runnel.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.http.Body;
import dev.runnel.http.BodyReader;
import dev.runnel.http.Method;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/**
 * Downloads from a server that does as scripted, with the loop and the disk's threads on the test's
 * own thread, so that every order of events can be had.
 */
abstract class DownloadCase {
  static final String URL = "https://user:secret@files.example/a/b.bin?token=secret#part";

  @TempDir Path dir;

  final TestLoop loop = new TestLoop();
  final TestLoop disk = new TestLoop();
  final List<Request> asked = new ArrayList<>();
  final List<Answer> opened = new ArrayList<>();
  private final ArrayDeque<CompletableFuture<Response>> answers = new ArrayDeque<>();

  /** The body of an answer, which must be read or discarded. */
  final class Answer implements Body.Source {
    final ScriptedReader reader;
    boolean discarded;

    Answer(ScriptedReader reader) {
      this.reader = reader;
      opened.add(this);
    }

    @Override
    public Loop home() {
      return loop;
    }

    @Override
    public BodyReader open() {
      assertThat(loop.inLoop()).as("opened where it lives").isTrue();
      assertThat(discarded).isFalse();
      return reader;
    }

    @Override
    public void discard() {
      discarded = true;
    }

    private boolean isDone() {
      return discarded || reader.isCancelled() || reader.ended();
    }
  }

  @AfterEach
  void noAnswerIsForgotten() {
    settle();
    assertThat(opened).as("bodies neither read, cancelled nor discarded").allMatch(Answer::isDone);
  }

  final Response answer(int status, ScriptedReader reader) {
    return Response.of(status).body(new Answer(reader));
  }

  final Response whole(int status, byte[] content) {
    return answer(status, ScriptedReader.of(loop, Coded.cut(content, content.length / 2)))
        .header("Content-Length", Integer.toString(content.length));
  }

  /** An answer that breaks off. */
  final Response broken(byte[] content, int after, RuntimeException cause) {
    ScriptedReader reader = new ScriptedReader(loop);
    reader.give(Bytes.copyOf(content, 0, after)).fail(cause);
    return answer(200, reader).header("Content-Length", Integer.toString(content.length));
  }

  final void will(Response response) {
    answers.add(CompletableFuture.completedFuture(response));
  }

  /** An answer that nobody asked for is not given. */
  final void takeBack() {
    if (!answers.isEmpty()) {
      answers.clear();
      opened.remove(opened.size() - 1);
    }
  }

  final CompletableFuture<Response> will() {
    CompletableFuture<Response> later = new CompletableFuture<>();
    answers.add(later);
    return later;
  }

  final CompletableFuture<Downloaded> start(Path target, DownloadOptions options) {
    return Downloads.start(
        request -> {
          asked.add(request);
          return answers.remove();
        },
        Request.of(Method.GET, URL),
        target,
        options,
        disk);
  }

  /** Runs all there is to run. */
  final void settle() {
    while (!loop.isIdle() || !disk.isIdle()) {
      disk.run();
      loop.run();
    }
  }

  final Downloaded finish(CompletableFuture<Downloaded> download) {
    settle();
    assertThat(download).isDone();
    return download.join();
  }

  final Throwable failureOf(CompletableFuture<Downloaded> download) {
    settle();
    assertThat(download).isCompletedExceptionally();
    return download.handle((value, error) -> error).join();
  }

  /** All files and folders below the test's own, by their relative names. */
  final List<String> left() {
    try (Stream<Path> paths = Files.walk(dir)) {
      return paths
          .filter(path -> !path.equals(dir))
          .map(path -> dir.relativize(path).toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
