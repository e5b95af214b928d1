package dev.runnel.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.http.Body;
import dev.runnel.http.BodyReader;
import dev.runnel.http.BodyWriter;
import dev.runnel.io.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgressTest {
  @TempDir Path dir;

  private final TestLoop loop = new TestLoop();
  private final List<Progress> heard = new ArrayList<>();

  private Progress last() {
    return heard.get(heard.size() - 1);
  }

  @Test
  void aListenerHearsSoManyTimesASecondAtMost() {
    ProgressMeter meter = new ProgressMeter(heard::add, 4, 0, 10_000, loop::nanoTime);
    for (int i = 0; i < 1_000; i++) {
      meter.add(10);
      loop.advance(Duration.ofMillis(1));
    }
    assertThat(heard).hasSize(4);
    meter.end();
    meter.end();
    assertThat(heard).hasSize(5);
    assertThat(last().bytes()).isEqualTo(10_000);
    assertThat(last().total()).isEqualTo(10_000);
    assertThat(last().bytesPerSecond()).isCloseTo(10_000, Assertions.withinPercentage(1));
  }

  @Test
  void theRateIsThatOfTheLastSeconds() {
    ProgressMeter meter = new ProgressMeter(heard::add, 1000, 5_000_000, -1, loop::nanoTime);
    meter.add(0);
    assertThat(last()).isEqualTo(new Progress(5_000_000, -1, 0));
    for (int i = 0; i < 100; i++) {
      loop.advance(Duration.ofMillis(100));
      meter.add(1000);
    }
    assertThat(last().bytesPerSecond()).isCloseTo(10_000, Assertions.withinPercentage(6));
    for (int i = 0; i < 60; i++) {
      loop.advance(Duration.ofMillis(100));
      meter.add(10);
    }
    assertThat(last().bytesPerSecond()).isCloseTo(100, Assertions.withinPercentage(6));
    loop.advance(Duration.ofMinutes(1));
    meter.add(600);
    assertThat(last().bytesPerSecond()).isBetween(0.0, 20.0);
  }

  private ScriptedWriter send(Body body) throws Exception {
    ScriptedWriter to = new ScriptedWriter(loop, Long.MAX_VALUE);
    Body.Producer producer = (Body.Producer) body;
    loop.on(
        () -> {
          try {
            producer.produce(to);
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });
    loop.runUntil(to::isOver);
    return to;
  }

  @Test
  void everyKindOfBodyIsCountedAndKeepsItsLength() throws Exception {
    byte[] content = new byte[200_000];
    Path file = Files.write(dir.resolve("f"), content);
    Body.Output output = out -> out.write(content);
    Body.Producer producer =
        new Body.Producer() {
          @Override
          public void produce(BodyWriter writer) {
            writer.write(Bytes.copyOf(content));
            writer.end();
          }
        };
    List<Body> bodies =
        List.of(
            new Body.Whole(Bytes.copyOf(content)),
            new Body.File(file, 0, 200_000),
            output,
            producer);
    for (Body body : bodies) {
      heard.clear();
      Body counted = ProgressBody.of(body, heard::add);
      assertThat(counted.length()).isEqualTo(body.length());
      assertThat(RepeatableBody.isRepeatable(counted)).isEqualTo(RepeatableBody.isRepeatable(body));
      ScriptedWriter to = send(counted);
      assertThat(to.failure()).isNull();
      assertThat(to.bytes()).isEqualTo(content);
      assertThat(last().bytes()).isEqualTo(200_000);
      assertThat(last().total()).isEqualTo(body.length());
    }
  }

  @Test
  void aPulledBodyStaysOne() {
    ScriptedReader reader = ScriptedReader.of(loop, Bytes.utf8("abc"), Bytes.utf8("de")).length(5);
    Body.Source source =
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
    Body.Source counted = (Body.Source) ProgressBody.of(source, heard::add, 1);
    BodyReader opened = counted.open();
    assertThat(opened.length()).isEqualTo(5);
    assertThat(ReadAll.all(loop, opened)).asString().isEqualTo("abcde");
    assertThat(heard).containsExactly(new Progress(3, 5, 0), new Progress(5, 5, 0));
  }

  @Test
  void aListenerThatThrowsFailsTheCall() throws Exception {
    Body counted =
        ProgressBody.of(
            new Body.Whole(Bytes.utf8("x")),
            progress -> {
              throw new IllegalStateException("no more");
            });
    assertThat(send(counted).failure()).hasMessage("no more");
  }

  @Test
  void aFileThatIsGoneFailsTheCall() throws Exception {
    Body counted = ProgressBody.of(new Body.File(dir.resolve("none"), 0, 5), heard::add);
    assertThat(send(counted).failure()).hasCauseInstanceOf(IOException.class);
  }

  @Test
  void arguments() {
    assertThatThrownBy(() -> ProgressBody.of(Body.EMPTY, heard::add, 0))
        .hasMessageContaining("1 to 1000");
    Body.Upgrade upgrade = connection -> {};
    assertThatThrownBy(() -> ProgressBody.of(upgrade, heard::add)).hasMessageContaining("upgrade");
  }
}
