package dev.runnel.benchmarks.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WorkloadTest {
  private static final Outcome SEEN = new Outcome(40, (5 << 20) + 4_000, 1_000_000, 2, 1, 2, 3);

  @Test
  void downloadsAreCountedInMebibytes() {
    assertThat(workload("download-file").counted(SEEN))
        .isEqualTo(new Outcome(5, (5 << 20) + 4_000, 1_000_000, 2, 1, 2, 3));
    assertThat(workload("download-file").units()).isEqualTo("MiB");
  }

  @Test
  void theRestIsCountedAsTheLoadDid() {
    assertThat(workload("json").counted(SEEN)).isEqualTo(SEEN);
    assertThat(workload("sse-fanout").units()).isEqualTo("events");
  }

  @Test
  void programsInCAreAskedForThePlainAnswerOnly() {
    Contender nginx = contender("nginx");
    Contender h2o = contender("h2o");

    assertThat(Workload.ALL.stream().filter(w -> w.takes(nginx)))
        .extracting(Workload::name)
        .containsExactly("plaintext", "pipelined", "h2c", "h2-tls", "handshakes");
    assertThat(Workload.ALL.stream().filter(w -> w.takes(h2o)))
        .extracting(Workload::name)
        .containsExactly("plaintext", "h2c", "h2-tls", "handshakes");
    assertThat(Workload.ALL).allMatch(w -> w.takes(contender("netty")));
  }

  @Test
  void aLoadIsSaidInWords() {
    assertThat(workload("json").load().shape()).isEqualTo("64 connections");
    assertThat(workload("sse-fanout").load().shape()).isEqualTo("1,000 connections");
    assertThat(workload("pipelined").load().shape())
        .isEqualTo("64 connections, 16 requests at once on each");
    assertThat(workload("h2-tls").load().shape()).isEqualTo("8 connections, 32 streams on each");
  }

  @Test
  void namesStandOnce() {
    assertThat(Workload.ALL).extracting(Workload::name).doesNotHaveDuplicates();
    assertThat(Contender.ALL).extracting(Contender::name).doesNotHaveDuplicates();
    assertThat(Contender.ALL).extracting(Contender::name).contains(Contender.BASE);
  }

  private static Workload workload(String name) {
    return Workload.ALL.stream().filter(w -> w.name().equals(name)).findFirst().orElseThrow();
  }

  private static Contender contender(String name) {
    return Contender.ALL.stream().filter(c -> c.name().equals(name)).findFirst().orElseThrow();
  }
}
