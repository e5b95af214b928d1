package dev.runnel.testkit.mutants;

import java.util.List;
import java.util.stream.Stream;

/** All bugs. Each is one that somebody could make, or that servers have had. */
final class Catalogue {
  private Catalogue() {}

  static List<Mutant> all() {
    return Stream.of(
            about(Http1Mutants.http1(), "H1", "body"),
            about(Http1Mutants.buffers(), "body", "H2", "end"),
            about(Http2Mutants.http2(), "H2"),
            about(EndMutants.time(), "time", "H2 end"),
            about(EndMutants.ends(), "end", "stop", "H2 end", "H2 stop"),
            about(StreamMutants.events(), "SSE"),
            about(StreamMutants.sessions(), "WS"),
            about(StreamMutants.calls(), "call"))
        .flatMap(List::stream)
        .toList();
  }

  private static List<Mutant> about(List<Mutant> mutants, String... subjects) {
    return mutants.stream().map(mutant -> mutant.about(subjects)).toList();
  }
}
