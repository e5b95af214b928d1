package dev.runnel.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.http.Body;
import dev.runnel.http.BodyReader;
import dev.runnel.http.BodyWriter;
import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import dev.runnel.server.Eventually;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MultipartBodyTest {
  @TempDir Path dir;

  private final TestLoop loop = new TestLoop();
  private final ScriptedWriter wire = new ScriptedWriter(loop, Long.MAX_VALUE);

  private ScriptedWriter send(MultipartBody form, ScriptedWriter to) {
    loop.on(() -> form.produce(to));
    loop.runUntil(to::isOver);
    return to;
  }

  private static final class Streamed implements Body.Source {
    private final ScriptedReader reader;
    private boolean discarded;

    Streamed(ScriptedReader reader) {
      this.reader = reader;
    }

    @Override
    public BodyReader open() {
      return reader;
    }

    @Override
    public void discard() {
      discarded = true;
    }
  }

  @Test
  void fieldsAndFilesAreWrittenAsRfc7578HasThem() throws IOException {
    Path file = Files.writeString(dir.resolve("a.html"), "<p>");
    MultipartBody form =
        MultipartBody.builder("XX")
            .field("title", "Grüße\nhier")
            .file("page", file)
            .part("raw", null, "application/json", JsonBody.of(1))
            .build();
    String expected =
        """
        --XX
        Content-Disposition: form-data; name="title"

        Grüße
        hier
        --XX
        Content-Disposition: form-data; name="page"; filename="a.html"
        Content-Type: text/html; charset=utf-8

        <p>
        --XX
        Content-Disposition: form-data; name="raw"
        Content-Type: application/json

        1
        --XX--
        """
            .replace("\n", "\r\n")
            .replace("Grüße\r\n", "Grüße\n");
    assertThat(send(form, wire).text()).isEqualTo(expected);
    assertThat(form.length()).isEqualTo(expected.getBytes(StandardCharsets.UTF_8).length);
    assertThat(form.mediaType()).isEqualTo("multipart/form-data; boundary=XX");
    assertThat(form.isRepeatable()).isTrue();
    ScriptedWriter second = send(form, new ScriptedWriter(loop, Long.MAX_VALUE));
    assertThat(second.text()).isEqualTo(expected);
  }

  @Test
  void namesAreQuotedAsBrowsersDo() throws IOException {
    Path file = Files.createFile(dir.resolve("x"));
    MultipartBody form =
        MultipartBody.builder("b").file("a\"b\r\nC: d", "ü\"\n%22\\.txt", "x/y", file).build();
    assertThat(send(form, wire).text())
        .startsWith(
            "--b\r\nContent-Disposition: form-data; name=\"a%22b%0D%0AC: d\";"
                + " filename=\"ü%22%0A%22\\.txt\"\r\nContent-Type: x/y\r\n\r\n\r\n--b--");
  }

  @Test
  void boundariesDifferAndAreChecked() {
    assertThat(MultipartBody.builder().field("a", "b").build().mediaType())
        .isNotEqualTo(MultipartBody.builder().field("a", "b").build().mediaType())
        .matches("multipart/form-data; boundary=runnel-[0-9a-f]{32}");
    for (String bad : List.of("", "a b", "a\r\nb", "a\"", "x".repeat(71))) {
      assertThatThrownBy(() -> MultipartBody.builder(bad))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("boundary");
    }
  }

  @Test
  void whatCannotBeAPartIsRefusedAtOnce() {
    MultipartBody.Builder builder = MultipartBody.builder();
    Body.Upgrade upgrade = connection -> {};
    assertThatThrownBy(() -> builder.part("a", null, null, upgrade))
        .hasMessageContaining("upgrade");
    assertThatThrownBy(() -> builder.part("a", null, "no type\r\nX: y", Body.EMPTY))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> builder.file("a", dir.resolve("none")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("none");
    assertThatThrownBy(builder::build).hasMessageContaining("at least one part");
  }

  @Test
  void aLargeFileIsReadAsFastAsThePeerTakesIt() throws IOException {
    byte[] content = Coded.text(1_000_000, 1);
    Path file = Files.write(dir.resolve("large.bin"), content);
    ScriptedWriter slow = new ScriptedWriter(loop, 1);
    MultipartBody form = MultipartBody.builder().file("f", file).build();
    loop.on(() -> form.produce(slow));
    while (!slow.isOver()) {
      loop.runUntil(() -> slow.isOver() || slow.isAwaited());
      int before = slow.count();
      loop.run();
      assertThat(slow.count()).as("written while the peer took nothing").isEqualTo(before);
      slow.take(100_000);
      loop.runUntil(() -> slow.isOver() || slow.isAwaited() || slow.count() > before);
      assertThat(slow.count() - before).isLessThanOrEqualTo(100_000 + FileReader.SLICE);
    }
    assertThat(slow.failure()).isNull();
    assertThat(slow.count()).isEqualTo((int) form.length());
    assertThat(slow.text()).contains(new String(content, StandardCharsets.UTF_8));
  }

  @Test
  void streamsOfEveryKindMayBeParts() {
    ScriptedReader reader = new ScriptedReader(loop);
    Body.Producer producer =
        new Body.Producer() {
          @Override
          public void produce(BodyWriter writer) {
            writer.commit();
            assertThat(writer.loop()).isSameAs(loop);
            boolean more = writer.write(Bytes.utf8("pro"));
            assertThat(more).isTrue();
            writer.onWritable(
                () -> {
                  writer.write(Bytes.utf8("duced"));
                  writer.end();
                  assertThatThrownBy(writer::end).isInstanceOf(IllegalStateException.class);
                  assertThatThrownBy(() -> writer.write(Bytes.EMPTY))
                      .isInstanceOf(IllegalStateException.class);
                });
          }
        };
    Body.Output output =
        out -> out.write("blocking".repeat(10_000).getBytes(StandardCharsets.UTF_8));
    MultipartBody form =
        MultipartBody.builder("b")
            .part("a", null, null, new Streamed(reader))
            .part("b", null, null, producer)
            .part("c", null, null, output)
            .build();
    assertThat(form.length()).isEqualTo(-1);
    assertThat(form.isRepeatable()).isFalse();
    loop.on(() -> form.produce(wire));
    reader.give(Bytes.utf8("streamed"));
    loop.run();
    assertThat(wire.text()).endsWith("streamed");
    reader.end();
    loop.runUntil(wire::isOver);
    assertThat(wire.failure()).isNull();
    assertThat(wire.text())
        .contains("\r\n\r\nstreamed\r\n--b\r\n", "\r\n\r\nproduced\r\n--b\r\n")
        .endsWith("\r\n\r\n" + "blocking".repeat(10_000) + "\r\n--b--\r\n");
    loop.on(
        () ->
            assertThatThrownBy(() -> form.produce(wire))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("sent before"));
  }

  @Test
  void tenThousandFieldsDoNotRecurse() {
    MultipartBody.Builder builder = MultipartBody.builder("b");
    for (int i = 0; i < 10_000; i++) {
      builder.part("n" + i, null, null, new Body.Whole(Bytes.utf8("v")));
    }
    MultipartBody form = builder.build();
    assertThat(send(form, wire).count()).isEqualTo((int) form.length());
    ScriptedWriter slow = new ScriptedWriter(loop, 1);
    loop.on(() -> form.produce(slow));
    while (!slow.isOver()) {
      slow.take(1000);
      loop.run();
    }
    assertThat(slow.bytes()).isEqualTo(wire.bytes());
  }

  @Test
  void aFileThatCannotBeReadFailsTheCallAndDiscardsTheRest() throws IOException {
    Path file = Files.writeString(dir.resolve("gone.txt"), "text");
    Streamed rest = new Streamed(new ScriptedReader(loop));
    MultipartBody form =
        MultipartBody.builder().file("f", file).part("s", null, null, rest).build();
    Files.delete(file);
    assertThat(send(form, wire).failure()).hasMessageContaining("gone.txt");
    assertThat(rest.discarded).isTrue();
    assertThat(wire.hasEnded()).isFalse();
  }

  @Test
  void aFileThatBecameShorterFailsTheCall() throws IOException {
    Path file = Files.write(dir.resolve("short.txt"), new byte[100_000]);
    MultipartBody form = MultipartBody.builder().file("f", file).build();
    Files.write(file, new byte[99_999]);
    assertThat(send(form, wire).failure()).hasMessageContaining("shorter");
  }

  @Test
  void aPartOfAnotherLengthThanItAnnouncedFailsTheCall() {
    for (int sent : List.of(4, 6)) {
      ScriptedWriter to = new ScriptedWriter(loop, Long.MAX_VALUE);
      ScriptedReader reader = ScriptedReader.of(loop, Bytes.copyOf(new byte[sent]));
      Body.Source lying =
          new Body.Source() {
            @Override
            public long length() {
              return 5;
            }

            @Override
            public BodyReader open() {
              return reader;
            }
          };
      MultipartBody form = MultipartBody.builder().part("p", null, null, lying).build();
      assertThat(form.length()).isPositive();
      assertThat(send(form, to).failure()).hasMessageContaining("5 bytes it announced");
    }
  }

  @Test
  void failuresOfStreamsFailTheCall() {
    List<Body> failing = new ArrayList<>();
    failing.add(new Streamed(new ScriptedReader(loop).fail(new IllegalStateException("mine"))));
    Body.Output output =
        out -> {
          out.write(1);
          throw new IOException("mine");
        };
    failing.add(output);
    failing.add(
        new Body.Producer() {
          @Override
          public void produce(BodyWriter writer) throws IOException {
            throw new IOException("mine");
          }
        });
    for (Body body : failing) {
      ScriptedWriter to = new ScriptedWriter(loop, Long.MAX_VALUE);
      MultipartBody form = MultipartBody.builder().part("p", null, null, body).build();
      assertThat(send(form, to).failure()).hasStackTraceContaining("mine");
    }
  }

  @Test
  void aSourceOfAnotherLoopCrossesOver() {
    TestLoop elsewhere = new TestLoop();
    ScriptedReader reader =
        ScriptedReader.of(elsewhere, Bytes.utf8("from "), Bytes.utf8("elsewhere"));
    Body.Source source =
        new Body.Source() {
          @Override
          public Loop home() {
            return elsewhere;
          }

          @Override
          public BodyReader open() {
            assertThat(elsewhere.inLoop()).isTrue();
            return reader;
          }
        };
    MultipartBody form = MultipartBody.builder("b").part("p", null, null, source).build();
    loop.on(() -> form.produce(wire));
    for (int turn = 0; turn < 100 && !wire.isOver(); turn++) {
      elsewhere.run();
      loop.run();
    }
    assertThat(wire.failure()).isNull();
    assertThat(wire.text()).endsWith("\r\n\r\nfrom elsewhere\r\n--b--\r\n");
  }

  @Test
  void aCallThatIsOverCancelsItsSource() {
    ScriptedReader reader = new ScriptedReader(loop).give(Bytes.utf8("first"));
    MultipartBody form =
        MultipartBody.builder().part("p", null, null, new Streamed(reader)).build();
    loop.on(() -> form.produce(wire));
    wire.breakOff(new IllegalStateException("the call is over"));
    reader.give(Bytes.utf8("second"));
    loop.runUntil(wire::isOver);
    assertThat(reader.isCancelled()).isTrue();
    assertThat(wire.failure()).hasMessage("the call is over");
  }

  @Test
  void aCallThatIsOverEndsBlockingCode() throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    Body.Output endless =
        out -> {
          try {
            while (true) {
              out.write(new byte[1000]);
            }
          } finally {
            ended.countDown();
          }
        };
    ScriptedWriter slow = new ScriptedWriter(loop, 100_000);
    MultipartBody form = MultipartBody.builder().part("p", null, null, endless).build();
    loop.on(() -> form.produce(slow));
    loop.runUntil(slow::isAwaited);
    assertThat(slow.count()).isBetween(100_000, 120_000);
    loop.on(() -> slow.breakOff(new IllegalStateException("the call is over")));
    loop.runUntil(slow::isOver);
    Eventually.opens(ended, "the body to be told");
  }

  @Test
  void aFormThatIsNotWantedDiscardsItsParts() {
    Streamed part = new Streamed(new ScriptedReader(loop));
    MultipartBody.builder().part("p", null, null, part).build().discard();
    assertThat(part.discarded).isTrue();
  }
}
