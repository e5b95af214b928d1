package dev.runnel.client;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.client.DownloadException.Reason;
import dev.runnel.http.Method;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.io.Bytes;
import dev.runnel.transport.ClientException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is left of a download that failed, and how the next one continues it. */
class DownloadResumeTest extends DownloadCase {
  private static final byte[] CONTENT = Coded.text(100_000, 1);
  private static final int THERE = 40_000;
  private static final DownloadOptions RESUME = DownloadOptions.DEFAULT.withResume(true);

  private final ClientException lost =
      new ClientException(ClientException.Reason.CONNECTION_LOST, "lost");

  private Path target() {
    return dir.resolve("f");
  }

  /** A first attempt that breaks off in the middle. */
  private void attempt(String... headers) {
    Response response = broken(CONTENT, THERE, lost);
    for (int i = 0; i < headers.length; i += 2) {
      response = response.header(headers[i], headers[i + 1]);
    }
    will(response);
    assertThat(failureOf(start(target(), RESUME))).isSameAs(lost);
    opened.clear();
    asked.clear();
  }

  private Response rest() {
    return part(THERE, CONTENT.length - 1, "" + CONTENT.length);
  }

  private Response part(int first, int last, String total) {
    return whole(206, Arrays.copyOfRange(CONTENT, first, last + 1))
        .header("Content-Range", "bytes " + first + "-" + last + "/" + total);
  }

  private void assertWhole(Downloaded downloaded, boolean resumed) throws IOException {
    assertThat(downloaded.resumed()).isEqualTo(resumed);
    assertThat(downloaded.bytes()).isEqualTo(CONTENT.length);
    assertThat(Files.readAllBytes(target())).isEqualTo(CONTENT);
    assertThat(left()).containsExactly("f");
  }

  @Test
  void aDownloadIsContinuedWhereItBrokeOff() throws IOException {
    attempt("ETag", "\"v1\"");
    assertThat(left()).containsExactly(".f.part", ".f.part.record");
    assertThat(Files.readString(dir.resolve(".f.part.record"))).doesNotContain("secret");
    will(rest().header("ETag", "\"v1\""));
    assertWhole(finish(start(target(), RESUME)), true);
    assertThat(asked.get(0).header("Range")).isEqualTo("bytes=40000-");
    assertThat(asked.get(0).header("If-Range")).isEqualTo("\"v1\"");
  }

  @Test
  void aDateThatIsOldEnoughIdentifiesAContent() throws IOException {
    String modified = "Sat, 21 Nov 2026 10:00:00 GMT";
    attempt("Last-Modified", modified, "Date", "Sat, 21 Nov 2026 10:00:01 GMT");
    will(rest());
    assertWhole(finish(start(target(), RESUME)), true);
    assertThat(asked.get(0).header("If-Range")).isEqualTo(modified);
  }

  @Test
  void whatNothingIdentifiesIsNotKept() {
    String modified = "Sat, 21 Nov 2026 10:00:00 GMT";
    attempt();
    assertThat(left()).isEmpty();
    attempt("ETag", "W/\"v1\"", "Last-Modified", modified);
    assertThat(left()).isEmpty();
    attempt("Last-Modified", modified, "Date", modified);
    assertThat(left()).isEmpty();
    attempt("Last-Modified", modified);
    assertThat(left()).isEmpty();
    attempt("Last-Modified", "yesterday", "Date", modified);
    assertThat(left()).isEmpty();
  }

  @Test
  void whatHasNoLengthIsNotKept() {
    ScriptedReader reader = new ScriptedReader(loop).give(Bytes.utf8("some")).fail(lost);
    will(answer(200, reader).header("ETag", "\"v1\""));
    assertThat(failureOf(start(target(), RESUME))).isSameAs(lost);
    assertThat(left()).isEmpty();
    opened.clear();
  }

  @Test
  void aContentThatChangedIsTakenAnew() throws IOException {
    attempt("ETag", "\"v0\"");
    will(whole(200, CONTENT).header("ETag", "\"v1\""));
    assertWhole(finish(start(target(), RESUME)), false);
  }

  @ParameterizedTest
  @CsvSource(
      value = {
        "bytes 39999-99999/100000",
        "bytes 40001-99999/100000",
        "bytes 40000-99999/100001",
        "bytes 40000-99998/100000",
        "bytes 40000-99999/*",
        "bytes 99999-40000/100000",
        "bytes */100000",
        "items 40000-99999/100000",
        "bytes 40000-99999",
        "bytes 40000-99999999999999999999/100000",
        "''"
      },
      delimiter = '|')
  void aRangeThatDoesNotFitIsNotMixedIn(String range) throws IOException {
    attempt("ETag", "\"v1\"");
    will(whole(206, new byte[60_000]).header("Content-Range", range));
    will(whole(200, CONTENT));
    assertWhole(finish(start(target(), RESUME)), false);
    assertThat(asked).hasSize(2);
    assertThat(asked.get(1).header("Range")).isNull();
    assertThat(asked.get(1).header("If-Range")).isNull();
  }

  @Test
  void aPartOfAnotherVersionIsNotMixedIn() throws IOException {
    attempt("ETag", "\"v1\"");
    will(rest().header("ETag", "\"v2\""));
    will(whole(200, CONTENT));
    assertWhole(finish(start(target(), RESUME)), false);
  }

  @Test
  void aRangeThatDoesNotFitTwiceIsAnError() {
    attempt("ETag", "\"v1\"");
    will(part(0, 10, "11"));
    will(part(0, 10, "11"));
    assertThat(failureOf(start(target(), RESUME)))
        .isInstanceOfSatisfying(
            DownloadException.class, e -> assertThat(e.reason()).isEqualTo(Reason.RANGE));
    assertThat(left()).isEmpty();
  }

  @Test
  void aPartThatIsTooShortIsContinuedOnceMore() throws IOException {
    attempt("ETag", "\"v1\"");
    will(
        answer(206, ScriptedReader.of(loop, Bytes.copyOf(CONTENT, THERE, 10_000)))
            .header("Content-Range", "bytes 40000-99999/100000"));
    assertThat(failureOf(start(target(), RESUME)))
        .isInstanceOfSatisfying(
            DownloadException.class, e -> assertThat(e.reason()).isEqualTo(Reason.LENGTH));
    will(part(50_000, 99_999, "100000"));
    assertWhole(finish(start(target(), RESUME)), true);
    assertThat(asked.get(1).header("Range")).isEqualTo("bytes=50000-");
  }

  @Test
  void whatIsWholeAlreadyOnlyHasToBeMoved() throws IOException {
    attempt("ETag", "\"v1\"");
    Files.write(dir.resolve(".f.part"), CONTENT);
    Path record = dir.resolve(".f.part.record");
    Files.writeString(record, Files.readString(record).replace("40000", "100000"));
    will(Response.of(416).header("Content-Range", "bytes */100000"));
    assertWhole(finish(start(target(), RESUME)), true);
  }

  @Test
  void aRangeThatIsRefusedStartsAnew() throws IOException {
    attempt("ETag", "\"v1\"");
    will(whole(416, new byte[5]).header("Content-Range", "bytes */30000"));
    will(whole(200, CONTENT));
    assertWhole(finish(start(target(), RESUME)), false);
  }

  @Test
  void anErrorKeepsThePartUnlessTheContentIsGone() throws IOException {
    attempt("ETag", "\"v1\"");
    will(Response.of(503));
    assertThat(failureOf(start(target(), RESUME))).isInstanceOf(StatusException.class);
    assertThat(left()).hasSize(2);
    will().completeExceptionally(lost);
    assertThat(failureOf(start(target(), RESUME))).isSameAs(lost);
    assertThat(left()).hasSize(2);
    will(Response.of(410));
    assertThat(failureOf(start(target(), RESUME))).isInstanceOf(StatusException.class);
    assertThat(left()).isEmpty();
  }

  @Test
  void aCancelKeepsThePart() throws IOException {
    ScriptedReader reader = new ScriptedReader(loop).give(Bytes.copyOf(CONTENT, 0, THERE));
    will(answer(200, reader).header("Content-Length", "100000").header("ETag", "\"v1\""));
    CompletableFuture<Downloaded> download = start(target(), RESUME);
    settle();
    download.cancel(true);
    settle();
    assertThat(reader.isCancelled()).isTrue();
    asked.clear();
    will(rest());
    assertWhole(finish(start(target(), RESUME)), true);
  }

  @ParameterizedTest
  @ValueSource(strings = {"cut", "empty", "huge", "source", "title", "kept", "folder"})
  void aRecordThatIsNotToBeReliedOnIsNot(String fault) throws IOException {
    attempt("ETag", "\"v1\"");
    Path record = dir.resolve(".f.part.record");
    String text = Files.readString(record);
    switch (fault) {
      case "cut" -> Files.writeString(record, text.substring(0, text.length() - 2));
      case "empty" -> Files.writeString(record, "");
      case "huge" -> Files.writeString(record, text + "x".repeat(100_000));
      case "source" -> Files.writeString(record, text.replaceFirst("\n[0-9a-f]", "\nx"));
      case "title" -> Files.writeString(record, text.replace("download 1", "download 2"));
      case "kept" -> Files.writeString(record, text.replace("\n40000\n", "\n40001\n"));
      default -> {
        Files.delete(record);
        Files.createDirectory(record);
      }
    }
    will(whole(200, CONTENT));
    assertWhole(finish(start(target(), RESUME)), false);
    assertThat(asked.get(0).header("Range")).isNull();
  }

  @Test
  void whatIsBeyondTheRecordIsNotReliedOn() throws IOException {
    attempt("ETag", "\"v1\"");
    Files.write(dir.resolve(".f.part"), new byte[7_000], StandardOpenOption.APPEND);
    will(rest());
    assertWhole(finish(start(target(), RESUME)), true);
  }

  @Test
  void aProcessThatIsKilledLosesSixteenMebibytesAtMost() throws IOException {
    ScriptedReader reader = new ScriptedReader(loop);
    long total = 100L << 20;
    will(answer(200, reader).header("Content-Length", "" + total).header("ETag", "\"v1\""));
    CompletableFuture<Downloaded> download = start(target(), RESUME);
    settle();
    Bytes piece = Bytes.copyOf(new byte[1 << 20]);
    for (int i = 0; i < 40; i++) {
      reader.give(piece);
      settle();
    }
    ResumeRecord record = ResumeRecord.read(dir.resolve(".f.part.record"));
    assertThat(record).isNotNull();
    assertThat(record.kept()).isEqualTo(32L << 20);
    assertThat(record.total()).isEqualTo(total);
    download.cancel(true);
  }

  @Test
  void twoDownloadsDoNotShareAPart() throws IOException {
    CompletableFuture<Response> first = will();
    CompletableFuture<Downloaded> download = start(target(), RESUME);
    settle();
    assertThat(failureOf(start(target(), RESUME)))
        .isInstanceOfSatisfying(
            DownloadException.class, e -> assertThat(e.reason()).isEqualTo(Reason.BUSY));
    assertThat(left()).containsExactly(".f.part");
    first.complete(whole(200, CONTENT));
    assertWhole(finish(download), false);
    will(whole(200, CONTENT));
    assertWhole(finish(start(target(), RESUME)), false);
  }

  @Test
  void aPartThatAnotherProcessHoldsIsLeftAlone() throws IOException {
    Path part = Files.writeString(dir.resolve(".f.part"), "another's");
    try (FileChannel other = FileChannel.open(part, StandardOpenOption.WRITE)) {
      assertThat(other.lock().isValid()).isTrue();
      assertThat(failureOf(start(target(), RESUME)))
          .isInstanceOfSatisfying(
              DownloadException.class, e -> assertThat(e.reason()).isEqualTo(Reason.BUSY));
    }
    assertThat(part).hasContent("another's");
    assertThat(asked).isEmpty();
  }

  @Test
  void theChecksumIsThatOfTheWhole() throws Exception {
    attempt("ETag", "\"v1\"");
    String sum = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(CONTENT));
    will(rest());
    Downloaded whole = finish(start(target(), RESUME.withChecksum("SHA-256", sum)));
    assertThat(whole.checksum()).isEqualTo(sum);
    assertWhole(whole, true);
  }

  @Test
  void progressGoesOnWhereItWas() {
    attempt("ETag", "\"v1\"");
    List<Progress> heard = new ArrayList<>();
    will(rest());
    finish(start(target(), RESUME.withProgress(heard::add, 1000)));
    assertThat(heard.get(0).bytes()).isGreaterThan(THERE);
    assertThat(heard.get(heard.size() - 1)).isEqualTo(new Progress(100_000, 100_000, 0));
  }

  @Test
  void anotherUrlDoesNotContinueThePart() throws IOException {
    attempt("ETag", "\"v1\"");
    CompletableFuture<Downloaded> other =
        Downloads.start(
            request -> {
              asked.add(request);
              return CompletableFuture.completedFuture(whole(200, CONTENT));
            },
            Request.of(Method.GET, "https://files.example/a/b.bin?token=other"),
            target(),
            RESUME,
            disk);
    assertWhole(finish(other), false);
    assertThat(asked.get(0).header("Range")).isNull();
  }

  @Test
  void aPartThatIsASymbolicLinkIsNotFollowed() throws IOException {
    Path victim = Files.writeString(dir.resolve("victim"), "precious");
    Files.createSymbolicLink(dir.resolve(".f.part"), victim);
    assertThat(failureOf(start(target(), RESUME)))
        .isInstanceOfSatisfying(
            DownloadException.class, e -> assertThat(e.reason()).isEqualTo(Reason.DISK));
    assertThat(victim).hasContent("precious");
  }
}
