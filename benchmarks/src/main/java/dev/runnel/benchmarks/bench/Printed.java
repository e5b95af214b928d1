package dev.runnel.benchmarks.bench;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Understands what load programs print. What cannot be understood is a load that failed. */
final class Printed {
  private static final Pattern H2LOAD =
      Pattern.compile(
          "requests: \\d+ total, \\d+ started, \\d+ done, (\\d+) succeeded, (\\d+) failed");
  private static final Pattern H2LOAD_BYTES = Pattern.compile("traffic: .*? \\((\\d+)\\) total");
  private static final Pattern HANDSHAKES = Pattern.compile("(\\d+) connections in \\d+ real");
  private static final ObjectMapper JSON =
      new ObjectMapper().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private Printed() {}

  /** The last line of JSON: of {@code load.lua}, and of our own client. */
  static Outcome json(String printed) {
    String line = printed.lines().filter(l -> l.startsWith("{")).reduce((a, b) -> b).orElse("");
    if (line.isEmpty()) {
      return failed();
    }
    try {
      return JSON.readValue(line, Outcome.class);
    } catch (JsonProcessingException e) {
      return failed(); // it died while it wrote: that must not end a run of hours
    }
  }

  private static Outcome failed() {
    return new Outcome(0, 0, 1, 1, 0, 0, 0);
  }

  static Outcome h2load(String printed, Path log, int seconds) throws IOException {
    Matcher requests = H2LOAD.matcher(printed);
    Matcher traffic = H2LOAD_BYTES.matcher(printed);
    // Over TLS it takes HTTP/1.1 where there is nothing better.
    if (!requests.find() || !traffic.find() || !printed.contains("Application protocol: h2")) {
      return failed();
    }
    long[] micros = latencies(log);
    return new Outcome(
        Long.parseLong(requests.group(1)),
        Long.parseLong(traffic.group(1)),
        TimeUnit.SECONDS.toMicros(seconds),
        Long.parseLong(requests.group(2)),
        at(micros, 0.5),
        at(micros, 0.99),
        at(micros, 0.999));
  }

  /** Each line: when it began, its status, how long it took in microseconds. */
  private static long[] latencies(Path log) throws IOException {
    if (!Files.exists(log)) {
      return new long[0];
    }
    try (Stream<String> lines = Files.lines(log)) {
      return lines
          .mapToLong(line -> Long.parseLong(line.substring(line.lastIndexOf('\t') + 1)))
          .sorted()
          .toArray();
    }
  }

  private static long at(long[] sorted, double part) {
    return sorted.length == 0 ? 0 : sorted[(int) (part * (sorted.length - 1))];
  }

  /**
   * What each {@code openssl s_time} printed.
   *
   * @param micros all of them took
   */
  static Outcome handshakes(List<String> printed, long micros) {
    long count = 0;
    long errors = 0;
    for (String one : printed) {
      Matcher matcher = HANDSHAKES.matcher(one);
      if (matcher.find()) {
        count += Long.parseLong(matcher.group(1));
      } else {
        errors++;
      }
    }
    return new Outcome(count, 0, micros, errors, 0, 0, 0);
  }
}
