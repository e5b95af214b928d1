package dev.runnel.conformance.contract;

import static dev.runnel.conformance.contract.SseContractTest.events;
import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.DrainReport;
import dev.runnel.testing.Peer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** SEMANTICS 5: what a stop does with streams of events. */
@EveryGround
class SseStoppingContractTest extends Contract {
  @Test
  void atAStopTheClientIsToldWhenToComeBackAndTheStreamEnds() {
    Peer peer = connect();
    peer.send(events("/sse/first/a"));
    peer.take("data: first\n\n");
    awaitNote("started a");
    CompletableFuture<DrainReport> stop = ground().stop(Duration.ofSeconds(20));
    assertJittered(peer.awaitEnd());
    awaitNote("closed a");
    if (isKotlin()) {
      awaitNote("told a SERVER_STOPPING");
    }
    assertThat(ground().report(stop)).isEqualTo(new DrainReport(1, 0, 0, 0, 0, 1));
  }

  @Test
  void atAStopAStreamWithoutAnEventEndsToo() {
    Peer peer = connect();
    peer.send(events("/sse/quiet/a"));
    awaitNote("started a");
    CompletableFuture<DrainReport> stop = ground().stop(Duration.ofSeconds(20));
    String all = peer.awaitEnd();
    assertThat(all).startsWith("HTTP/1.1 200 OK\r\n");
    assertJittered(all.substring(all.indexOf("\r\n\r\n") + 4));
    assertThat(ground().report(stop).finished()).isEqualTo(1);
  }

  @Test
  void notAllClientsOfAStopComeBackAtOnce() {
    start(options -> options.loops(1));
    List<Peer> peers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      Peer peer = ground().connect();
      peer.send(events("/sse/first/a"));
      peer.take("data: first\n\n");
      peers.add(peer);
    }
    CompletableFuture<DrainReport> stop = ground().stop(Duration.ofSeconds(20));
    Set<String> retries = new HashSet<>();
    for (Peer peer : peers) {
      retries.add(peer.awaitEnd().replaceAll("(?s).*retry: (\\d+)\n.*", "$1"));
    }
    assertThat(retries).allMatch(retry -> retry.matches("\\d{4}")).hasSizeGreaterThan(1);
    assertThat(ground().report(stop).finished()).isEqualTo(8);
  }

  private static void assertJittered(String rest) {
    Matcher retry = Pattern.compile("[0-9a-f]+\r\nretry: (\\d+)\n\n\r\n0\r\n\r\n").matcher(rest);
    assertThat(retry.find()).as("a retry and the end in: " + rest).isTrue();
    assertThat(Long.parseLong(retry.group(1))).isBetween(1500L, 4500L);
  }
}
