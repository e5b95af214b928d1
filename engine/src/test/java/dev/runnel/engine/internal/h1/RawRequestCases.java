package dev.runnel.engine.internal.h1;

import java.util.List;
import java.util.stream.Stream;

/**
 * Every raw request that the tests know, good and bad: for the parser, and again for a live server.
 */
public final class RawRequestCases {
  private RawRequestCases() {}

  /** All cases, in the order of the RFC. */
  public static List<RawCase> all() {
    return Stream.of(
            RequestLineCases.cases(),
            TargetCases.cases(),
            FieldCases.cases(),
            HostCases.cases(),
            FramingCases.cases(),
            ChunkCases.cases(),
            ConnectionCases.cases(),
            LimitCases.cases())
        .flatMap(List::stream)
        .toList();
  }

  /** The cases that are good requests. */
  public static List<RawCase> good() {
    return all().stream().filter(raw -> raw.rejected() == null).toList();
  }
}
