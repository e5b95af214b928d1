package dev.runnel.benchmarks.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The texts are what wrk 4.1, h2load 1.52 and OpenSSL 3.0 print. */
class PrintedTest {
  private static final String WRK =
      """
      Running 1s test @ http://127.0.0.1:8080/plaintext
        1 threads and 4 connections
        Thread Stats   Avg      Stdev     Max   +/- Stdev
          Latency     3.30ms   10.04ms  68.90ms   89.63%
          Req/Sec   150.59k    79.76k  231.61k    72.73%
        164400 requests in 1.12s, 25.24MB read
      Requests/sec: 147372.71
      Transfer/sec:     22.63MB
      {"requests":164400,"bytes":26467580,"micros":1115539,"errors":3,"p50":281,"p99":900,"p999":1000}
      """;

  private static final String H2LOAD =
      """
      Main benchmark duration is started for thread #0.
      TLS Protocol: TLSv1.2
      Server Temp Key: X25519 253 bits
      Application protocol: h2
      Process Request Failure:2
      Stopped all clients for thread #0

      finished in 1.01s, 2000.00 req/s, 156.38KB/s
      requests: 2001 total, 2006 started, 2001 done, 2000 succeeded, 1 failed, 1 errored, 0 timeout
      status codes: 2000 2xx, 0 3xx, 0 4xx, 0 5xx
      traffic: 156.38KB (160132) total, 95.70KB (98000) headers (space savings 50.51%), 25.39KB (26000) data
                           min         max         mean         sd        +/- sd
      time for request:       38us     13.80ms       329us      1.18ms    93.75%
      """;

  private static final String S_TIME =
      """
      Collecting connection statistics for 1 seconds
      *************************

      307 connections in 0.22s; 1395.45 connections/user sec, bytes read 0
      307 connections in 2 real seconds, 0 bytes read per connection
      """;

  @TempDir private Path folder;

  @Test
  void wrksLineOfJsonIsAmongTheRest() {
    assertThat(Printed.json(WRK))
        .isEqualTo(new Outcome(164_400, 26_467_580, 1_115_539, 3, 281, 900, 1_000));
  }

  @Test
  void ourOwnClientCountsWithoutCallingItRequests() {
    assertThat(
            Printed.json(
                "{\"count\":7,\"bytes\":8,\"micros\":9,\"errors\":0,\"p50\":1,\"p99\":2,\"p999\":3}\n"))
        .isEqualTo(new Outcome(7, 8, 9, 0, 1, 2, 3));
  }

  @Test
  void theLastLineOfJsonCounts() {
    assertThat(Printed.json("{\"count\":1}\n{\"count\":2,\"new\":true}\n").count()).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "unable to connect to 127.0.0.1:8080 Connection refused\n",
        "{\"requests\":164400,\"bytes\":264",
        "{not JSON}\n",
        "{\"count\":\"many\"}\n",
      })
  void aLoadThatDiedOnTheWayHasFailed(String printed) {
    assertFailed(Printed.json(printed));
  }

  @Test
  void h2loadCountsWhatSucceeded() throws IOException {
    assertThat(Printed.h2load(H2LOAD, folder.resolve("none"), 3))
        .isEqualTo(new Outcome(2_000, 160_132, 3_000_000, 1, 0, 0, 0));
  }

  @Test
  void h2loadsLogHasTheLatencies() throws IOException {
    Path log = folder.resolve("h2load.log");
    // The slowest first: the log is in the order of what happened.
    Files.writeString(
        log,
        IntStream.range(0, 1_001)
            .mapToObj(i -> "1795294976996297\t200\t" + (1_000 - i) + "\n")
            .collect(Collectors.joining()));

    Outcome seen = Printed.h2load(H2LOAD, log, 1);

    assertThat(seen.p50()).isEqualTo(500);
    assertThat(seen.p99()).isEqualTo(990);
    assertThat(seen.p999()).isEqualTo(999);
  }

  @Test
  void anAnswerThatIsNoSuccessIsAnError() throws IOException {
    String notFound = H2LOAD.replace("2000 succeeded, 1 failed", "0 succeeded, 2001 failed");

    Outcome seen = Printed.h2load(notFound, folder.resolve("none"), 1);

    assertThat(seen.count()).isZero();
    assertThat(seen.errors()).isEqualTo(2_001);
  }

  @Test
  void clearHttp2IsHttp2() throws IOException {
    String clear = H2LOAD.replace("protocol: h2", "protocol: h2c");

    assertThat(Printed.h2load(clear, folder.resolve("none"), 1).count()).isEqualTo(2_000);
  }

  @Test
  void whatWasHttp1IsNoFigureOfHttp2() throws IOException {
    assertFailed(
        Printed.h2load(
            H2LOAD.replace("protocol: h2", "protocol: http/1.1"), folder.resolve("none"), 1));
  }

  @Test
  void withoutAConnectionThereIsNoProtocol() throws IOException {
    assertFailed(
        Printed.h2load(
            H2LOAD.replace("Application protocol: h2\n", ""), folder.resolve("none"), 1));
    assertFailed(Printed.h2load("", folder.resolve("none"), 1));
  }

  @Test
  void handshakesAreThoseOfAllProcesses() {
    assertThat(Printed.handshakes(List.of(S_TIME, S_TIME, S_TIME), 1_700_000))
        .isEqualTo(new Outcome(921, 0, 1_700_000, 0, 0, 0, 0));
  }

  @Test
  void aProcessThatCouldNotConnectIsAnError() {
    Outcome seen =
        Printed.handshakes(
            List.of(S_TIME, "Collecting connection statistics for 1 seconds\n", ""), 1_000_000);

    assertThat(seen.count()).isEqualTo(307);
    assertThat(seen.errors()).isEqualTo(2);
  }

  private static void assertFailed(Outcome seen) {
    assertThat(seen.count()).isZero();
    assertThat(seen.errors()).isPositive();
    assertThat(seen.micros()).as("what is divided by").isPositive();
  }
}
