package dev.runnel.memory;

import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * One end of a wire under test: reads all that comes, each read with its time, unless told not to.
 */
final class TestEnd {
  private final Loop loop;
  private final WireEnd end;
  private final long begun;
  final List<String> reads = new ArrayList<>();
  final List<Duration> times = new ArrayList<>();
  Duration endedAt;
  Duration resetAt;
  int room;
  private boolean reading = true;

  TestEnd(Loop loop, WireEnd end) {
    this.loop = loop;
    this.end = end;
    this.begun = loop.nanoTime();
    end.listen(this::readable, () -> room++);
  }

  private Duration now() {
    return Duration.ofNanos(loop.nanoTime() - begun);
  }

  private void readable() {
    while (reading && end.hasInput()) {
      Bytes bytes = end.read();
      if (bytes == null) {
        break;
      }
      reads.add(text(bytes));
      times.add(now());
    }
    if (end.ended() && endedAt == null) {
      endedAt = now();
    }
    if (end.wasReset() && resetAt == null) {
      resetAt = now();
    }
  }

  void reading(boolean on) {
    reading = on;
    readable();
  }

  int send(String text) {
    return end.write(bytes(text));
  }

  WireEnd end() {
    return end;
  }

  String all() {
    return String.join("", reads);
  }

  static Bytes bytes(String text) {
    return Bytes.copyOf(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  static String text(Bytes bytes) {
    return new String(bytes.toByteArray(), StandardCharsets.ISO_8859_1);
  }
}
