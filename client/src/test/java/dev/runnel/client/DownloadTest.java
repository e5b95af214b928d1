package dev.runnel.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.client.DownloadException.Reason;
import dev.runnel.http.Body;
import dev.runnel.http.Method;
import dev.runnel.http.Problem;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.http.Status;
import dev.runnel.io.Bytes;
import dev.runnel.server.Eventually;
import dev.runnel.transport.ClientException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

class DownloadTest extends DownloadCase {
  private static final byte[] CONTENT = Coded.text(300_000, 1);
  private final ClientException lost =
      new ClientException(ClientException.Reason.CONNECTION_LOST, "lost");

  private static void assertReason(Throwable failure, Reason reason) {
    assertThat(failure)
        .isInstanceOfSatisfying(
            DownloadException.class, e -> assertThat(e.reason()).isEqualTo(reason));
  }

  @Test
  void aFileComesWithTheFoldersItIsIn() throws IOException {
    Path target = dir.resolve("x/y/z.bin");
    will(whole(200, CONTENT));
    assertThat(finish(start(target, DownloadOptions.DEFAULT)))
        .isEqualTo(new Downloaded(target.toAbsolutePath(), CONTENT.length, false, null));
    assertThat(Files.readAllBytes(target)).isEqualTo(CONTENT);
    assertThat(left()).containsExactly("x", "x/y", "x/y/z.bin");
    assertThat(asked.get(0).header("Accept-Encoding")).isEqualTo("identity");
    assertThat(asked.get(0).header("Range")).isNull();
  }

  @Test
  void bodiesOfUnknownLengthAndOfNoneAreFilesToo() throws IOException {
    will(answer(200, ScriptedReader.of(loop, Bytes.utf8("abc"))));
    assertThat(finish(start(dir.resolve("a"), DownloadOptions.DEFAULT)).bytes()).isEqualTo(3);
    will(whole(203, new byte[0]));
    assertThat(finish(start(dir.resolve("b"), DownloadOptions.DEFAULT)).bytes()).isZero();
    will(Response.ok("from a filter"));
    assertThat(finish(start(dir.resolve("c"), DownloadOptions.DEFAULT)).bytes()).isEqualTo(13);
    assertThat(left()).containsExactly("a", "b", "c");
  }

  @Test
  void nothingIsUnderTheTargetsNameBeforeAllIs() throws IOException {
    Path target = Files.writeString(dir.resolve("f"), "old");
    ScriptedReader reader = new ScriptedReader(loop);
    will(answer(200, reader));
    CompletableFuture<Downloaded> download = start(target, DownloadOptions.DEFAULT);
    reader.give(Bytes.utf8("new"));
    settle();
    assertThat(target).hasContent("old");
    assertThat(left()).hasSize(2).anyMatch(name -> name.matches("\\.f\\.part-[0-9a-f]{12}"));
    reader.end();
    finish(download);
    assertThat(target).hasContent("new");
    assertThat(left()).containsExactly("f");
  }

  @Test
  void littleIsPolledThatTheDiskHasNotWritten() {
    ScriptedReader reader = new ScriptedReader(loop);
    for (int i = 0; i < 100; i++) {
      reader.give(Bytes.copyOf(new byte[50_000]));
    }
    will(answer(200, reader.end()));
    CompletableFuture<Downloaded> download = start(dir.resolve("f"), DownloadOptions.DEFAULT);
    while (reader.polls() == 0) {
      disk.step();
      loop.run();
    }
    assertThat(reader.polls()).as("pieces polled and none written").isEqualTo(6);
    disk.step();
    loop.run();
    assertThat(reader.polls()).isEqualTo(7);
    assertThat(finish(download).bytes()).isEqualTo(5_000_000);
  }

  @Test
  void manySmallPiecesAreBoundedToo() {
    ScriptedReader reader = new ScriptedReader(loop);
    for (int i = 0; i < 1000; i++) {
      reader.give(Bytes.utf8("x"));
    }
    will(answer(200, reader.end()));
    CompletableFuture<Downloaded> download = start(dir.resolve("f"), DownloadOptions.DEFAULT);
    while (reader.polls() == 0) {
      disk.step();
      loop.run();
    }
    assertThat(reader.polls()).isEqualTo(64);
    assertThat(finish(download).bytes()).isEqualTo(1000);
  }

  @Test
  void anErrorIsRaisedWithItsProblemAndLeavesNothing() {
    Problem problem = Problem.of(Status.FORBIDDEN, "not yours").with("quota", 3);
    Bytes document = Bytes.utf8(problem.toJson());
    will(
        answer(403, ScriptedReader.of(loop, document))
            .header("Content-Type", "application/problem+json"));
    Throwable failure = failureOf(start(dir.resolve("x/f"), DownloadOptions.DEFAULT));
    assertThat(failure)
        .isInstanceOfSatisfying(
            StatusException.class,
            e -> {
              assertThat(e.status()).isEqualTo(Status.FORBIDDEN);
              assertThat(e.problem()).isEqualTo(problem);
              assertThat(e.headers().contains("Content-Type")).isTrue();
            })
        .hasMessageContaining("/a/b.bin was answered 403")
        .hasMessageContaining("not yours")
        .message()
        .doesNotContain("secret");
    assertThat(left()).isEmpty();
  }

  @Test
  void errorsThatSayNothingOfUseAreRaisedAllTheSame() {
    List<Response> answers = new ArrayList<>();
    answers.add(Response.of(500));
    answers.add(whole(404, new byte[100_000]));
    answers.add(whole(502, new byte[] {'{'}).header("Content-Type", "application/problem+json"));
    answers.add(answer(503, new ScriptedReader(loop).fail(lost)));
    answers.add(Response.of(304));
    answers.add(Response.redirect("/elsewhere"));
    for (Response answer : answers) {
      will(answer);
      Throwable failure = failureOf(start(dir.resolve("f"), DownloadOptions.DEFAULT));
      assertThat(failure)
          .isInstanceOfSatisfying(
              StatusException.class,
              e -> {
                assertThat(e.status()).isEqualTo(answer.status());
                assertThat(e.problem()).isNull();
              });
      assertThat(left()).isEmpty();
    }
    opened.removeIf(answer -> answer.reader.isCancelled() || answer.reader.polls() > 0);
  }

  @Test
  void aBodyThatBreaksOffLeavesNothing() {
    will(broken(CONTENT, 1000, lost));
    assertThat(failureOf(start(dir.resolve("x/f"), DownloadOptions.DEFAULT))).isSameAs(lost);
    assertThat(left()).isEmpty();
    opened.clear(); // it failed: there is nothing to cancel
  }

  @Test
  void aBodyOfAnotherLengthThanAnnouncedIsAnError() {
    for (int announced : List.of(4, 6)) {
      will(
          answer(200, ScriptedReader.of(loop, Bytes.utf8("12345"), Bytes.EMPTY))
              .header("Content-Length", Integer.toString(announced)));
      Throwable failure = failureOf(start(dir.resolve("f"), DownloadOptions.DEFAULT));
      assertReason(failure, Reason.LENGTH);
      assertThat(failure).hasMessageContaining(announced + " bytes").hasMessageContaining("5");
      assertThat(left()).isEmpty();
    }
  }

  @Test
  void whatSendFailsWithIsTheFailure() {
    will().completeExceptionally(lost);
    assertThat(failureOf(start(dir.resolve("x/f"), DownloadOptions.DEFAULT))).isSameAs(lost);
    CompletableFuture<Downloaded> thrown =
        Downloads.start(
            request -> {
              throw lost;
            },
            Request.of(Method.GET, URL),
            dir.resolve("f"),
            DownloadOptions.DEFAULT,
            disk);
    assertThat(failureOf(thrown)).isSameAs(lost);
    assertThat(left()).isEmpty();
  }

  @Test
  void anUnaskedPartIsAnError() {
    will(whole(206, CONTENT).header("Content-Range", "bytes 0-299999/300000"));
    assertReason(failureOf(start(dir.resolve("f"), DownloadOptions.DEFAULT)), Reason.RANGE);
    assertThatThrownBy(
            () ->
                Downloads.start(
                    request -> will(),
                    Request.of(Method.GET, URL).header("Range", "bytes=1-"),
                    dir.resolve("f"),
                    DownloadOptions.DEFAULT))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("withResume");
    assertThat(left()).isEmpty();
  }

  @Test
  void theChecksumIsCheckedBeforeTheFileIsInItsPlace() throws Exception {
    String sum = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(CONTENT));
    DownloadOptions right =
        DownloadOptions.DEFAULT.withChecksum("SHA-256", sum.toUpperCase(Locale.ROOT));
    will(whole(200, CONTENT));
    assertThat(finish(start(dir.resolve("f"), right)).checksum()).isEqualTo(sum);
    Files.writeString(dir.resolve("f"), "old");
    for (boolean resume : new boolean[] {false, true}) {
      DownloadOptions wrong =
          DownloadOptions.DEFAULT.withChecksum("SHA-1", "0".repeat(40)).withResume(resume);
      will(whole(200, CONTENT).header("ETag", "\"1\""));
      Throwable failure = failureOf(start(dir.resolve("f"), wrong));
      assertReason(failure, Reason.CHECKSUM);
      assertThat(failure).hasMessageContaining("SHA-1").hasMessageContaining("0".repeat(40));
      assertThat(dir.resolve("f")).hasContent("old");
      assertThat(left()).containsExactly("f");
    }
  }

  @Test
  void checksumsThatCannotBeAreRefused() {
    assertThatThrownBy(() -> DownloadOptions.DEFAULT.withChecksum("SHA-257", "00"))
        .hasMessageContaining("SHA-257");
    assertThatThrownBy(() -> DownloadOptions.DEFAULT.withChecksum("SHA-256", "00"))
        .hasMessageContaining("64 hexadecimal");
    assertThatThrownBy(() -> DownloadOptions.DEFAULT.withProgress(progress -> {}, 0))
        .hasMessageContaining("1 to 1000");
  }

  @Test
  void aCancelDuringTheTransferCancelsTheBodyAndLeavesNothing() {
    ScriptedReader reader = new ScriptedReader(loop);
    will(answer(200, reader));
    CompletableFuture<Downloaded> download = start(dir.resolve("x/f"), DownloadOptions.DEFAULT);
    reader.give(Bytes.utf8("some"));
    settle();
    reader.give(Bytes.utf8("more"));
    loop.run(); // polled, and on its way to the disk
    assertThat(download.cancel(true)).isTrue();
    settle();
    assertThat(reader.isCancelled()).isTrue();
    assertThat(left()).isEmpty();
  }

  @Test
  void aCancelBeforeTheAnswerCancelsTheCall() {
    CompletableFuture<Response> call = will();
    CompletableFuture<Downloaded> download = start(dir.resolve("x/f"), DownloadOptions.DEFAULT);
    settle();
    assertThat(left()).hasSize(2);
    download.cancel(false);
    settle();
    assertThat(call).isCancelled();
    assertThat(left()).isEmpty();
  }

  @Test
  void aCancelBeforeAnythingSendsNothing() {
    CompletableFuture<Downloaded> download = start(dir.resolve("x/f"), DownloadOptions.DEFAULT);
    download.cancel(false);
    settle();
    assertThat(asked).isEmpty();
    assertThat(left()).isEmpty();
  }

  @Test
  void anAnswerThatComesAfterTheCancelIsDiscarded() {
    CompletableFuture<Response> deaf =
        new CompletableFuture<>() {
          @Override
          public boolean cancel(boolean mayInterruptIfRunning) {
            return false;
          }
        };
    CompletableFuture<Downloaded> download =
        Downloads.start(
            request -> deaf,
            Request.of(Method.GET, URL),
            dir.resolve("f"),
            DownloadOptions.DEFAULT,
            disk);
    settle();
    download.completeExceptionally(new IllegalStateException("enough"));
    settle();
    Response late = whole(200, CONTENT);
    deaf.complete(late);
    settle();
    assertThat(((Answer) late.body()).discarded).isTrue();
    assertThat(left()).isEmpty();
  }

  @Test
  void aCancelAtEveryStepLeavesNothing() {
    for (int steps = 0; steps < 40; steps++) {
      will(whole(200, CONTENT));
      CompletableFuture<Downloaded> download = start(dir.resolve("x/f"), DownloadOptions.DEFAULT);
      for (int i = 0; i < steps; i++) {
        if (!disk.step()) {
          loop.step();
        }
      }
      boolean cancelled = download.cancel(true);
      settle();
      if (cancelled) {
        assertThat(left()).as("after %d steps", steps).isEmpty();
      } else {
        assertThat(left()).as("after %d steps", steps).containsExactly("x", "x/f");
        assertThat(steps).isGreaterThan(5);
        return;
      }
      takeBack();
    }
    throw new AssertionError("it never came to its end");
  }

  @Test
  void targetsThatCannotBeAreToldBeforeAnythingIsSent() throws IOException {
    Path folder = Files.createDirectories(dir.resolve("folder"));
    assertReason(failureOf(start(folder, DownloadOptions.DEFAULT)), Reason.TARGET);
    Path file = Files.writeString(dir.resolve("file"), "here");
    DownloadOptions keep = DownloadOptions.DEFAULT.withReplaceExisting(false);
    Throwable exists = failureOf(start(file, keep));
    assertReason(exists, Reason.TARGET);
    assertThat(exists).hasMessageContaining("withReplaceExisting");
    Throwable below = failureOf(start(file.resolve("below/f"), DownloadOptions.DEFAULT));
    assertReason(below, Reason.DISK);
    assertThat(below).hasMessageContaining("below");
    assertReason(failureOf(start(Path.of("/"), DownloadOptions.DEFAULT)), Reason.TARGET);
    assertThat(asked).isEmpty();
    assertThat(left()).containsExactly("file", "folder");
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aFolderThatTakesNoFilesIsToldBeforeAnythingIsSent() {
    // /proc takes none of anybody's, root's neither.
    Path target = Path.of("/proc/runnel/f");
    assertReason(failureOf(start(target, DownloadOptions.DEFAULT)), Reason.DISK);
    assertReason(failureOf(start(Path.of("/proc/f"), DownloadOptions.DEFAULT)), Reason.DISK);
    assertThat(asked).isEmpty();
  }

  @Test
  void aFileThatAppearedInTheMeantimeIsNotReplacedAgainstTheUsersWill() throws IOException {
    ScriptedReader reader = new ScriptedReader(loop);
    will(answer(200, reader));
    Path target = dir.resolve("f");
    DownloadOptions keep = DownloadOptions.DEFAULT.withReplaceExisting(false);
    CompletableFuture<Downloaded> download = start(target, keep);
    settle();
    Files.writeString(target, "somebody's");
    reader.end();
    assertReason(failureOf(download), Reason.DISK);
    assertThat(target).hasContent("somebody's");
    assertThat(left()).containsExactly("f");
    will(whole(200, CONTENT));
    finish(start(dir.resolve("g"), keep));
    assertThat(left()).containsExactly("f", "g");
  }

  @Test
  void aFolderThatVanishesIsAnError() throws IOException {
    ScriptedReader reader = new ScriptedReader(loop);
    will(answer(200, reader));
    CompletableFuture<Downloaded> download = start(dir.resolve("x/f"), DownloadOptions.DEFAULT);
    settle();
    for (String name : left().stream().sorted(Comparator.reverseOrder()).toList()) {
      Files.delete(dir.resolve(name));
    }
    reader.end();
    assertReason(failureOf(download), Reason.DISK);
    assertThat(left()).isEmpty();
  }

  @Test
  void foldersThatOthersUseByNowStay() throws IOException {
    ScriptedReader reader = new ScriptedReader(loop).fail(lost);
    will(answer(200, reader));
    CompletableFuture<Downloaded> download = start(dir.resolve("x/y/f"), DownloadOptions.DEFAULT);
    disk.run();
    Files.writeString(dir.resolve("x/other"), "");
    assertThat(failureOf(download)).isSameAs(lost);
    assertThat(left()).containsExactly("x", "x/other");
    opened.clear();
  }

  @Test
  void longNamesFit() {
    String name = "ä".repeat(120) + ".bin";
    will(whole(200, CONTENT));
    finish(start(dir.resolve(name), DownloadOptions.DEFAULT.withResume(true)));
    assertThat(left()).containsExactly(name);
  }

  @Test
  void progressIsToldWithRateAndTotal() {
    List<Progress> heard = new ArrayList<>();
    ScriptedReader reader = new ScriptedReader(loop);
    will(answer(200, reader).header("Content-Length", "5000"));
    DownloadOptions options = DownloadOptions.DEFAULT.withProgress(heard::add, 2);
    CompletableFuture<Downloaded> download = start(dir.resolve("f"), options);
    settle();
    for (int i = 0; i < 50; i++) {
      loop.advance(Duration.ofMillis(100));
      reader.give(Bytes.copyOf(new byte[100]));
      settle();
    }
    assertThat(heard).hasSize(10);
    assertThat(heard.get(0)).isEqualTo(new Progress(100, 5000, 1000));
    reader.end();
    finish(download);
    assertThat(heard.get(10)).isEqualTo(new Progress(5000, 5000, 1000));
  }

  @Test
  void aListenerThatThrowsFailsTheDownload() {
    will(whole(200, CONTENT));
    DownloadOptions options =
        DownloadOptions.DEFAULT.withProgress(
            progress -> {
              throw new IllegalStateException("mine");
            });
    assertThat(failureOf(start(dir.resolve("f"), options))).hasMessage("mine");
    assertThat(left()).isEmpty();
  }

  @Test
  void threadsOfItsOwnDoTheDisksWork() throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    Thread[] completer = new Thread[1];
    CompletableFuture<Downloaded> download =
        Downloads.start(
            request -> CompletableFuture.completedFuture(whole(200, CONTENT)),
            Request.of(Method.GET, URL),
            dir.resolve("f"),
            DownloadOptions.DEFAULT);
    CompletableFuture<Void> seen =
        download.thenAccept(
            whole -> {
              completer[0] = Thread.currentThread();
              done.countDown();
              loop.execute(() -> {});
            });
    loop.runUntil(() -> done.getCount() == 0);
    assertThat(Eventually.get(seen, "the end")).isNull();
    assertThat(completer[0].getName()).startsWith("runnel-client-disk-");
    assertThat(Files.readAllBytes(dir.resolve("f"))).isEqualTo(CONTENT);
  }

  @Test
  void anUpgradeIsNoFile() {
    Body.Upgrade upgrade = connection -> {};
    will(Response.ok().body(upgrade));
    assertThat(failureOf(start(dir.resolve("f"), DownloadOptions.DEFAULT)))
        .isInstanceOf(IllegalStateException.class);
    assertThat(left()).isEmpty();
  }
}
