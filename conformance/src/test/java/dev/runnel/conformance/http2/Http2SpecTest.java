package dev.runnel.conformance.http2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.conformance.http2.H2Spec.Case;
import dev.runnel.server.LiveServer;
import dev.runnel.server.Server;
import dev.runnel.testing.TlsFiles;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicNode;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** All cases of h2spec (generic, http2, hpack; the strict ones too), each as a test. */
class Http2SpecTest {
  /** As many as version 2.2.0 has; with fewer, something was not run. */
  private static final int CASES = 146;

  @TestFactory
  Stream<DynamicNode> priorKnowledge() throws Exception {
    Assumptions.assumeTrue(H2Spec.obstacle() == null, H2Spec::obstacle);
    try (LiveServer server = LiveServer.start(new App())) {
      return nodes(H2Spec.run(server.port(), false));
    }
  }

  @TestFactory
  Stream<DynamicNode> overTls() throws Exception {
    Assumptions.assumeTrue(H2Spec.obstacle() == null, H2Spec::obstacle);
    Server.Builder builder =
        Server.builder().port(0).handler(new App()).tls(TlsFiles.server().build());
    try (LiveServer server = LiveServer.start(builder)) {
      return nodes(H2Spec.run(server.port(), true));
    }
  }

  private static Stream<DynamicNode> nodes(List<Case> cases) {
    Map<String, List<Case>> sections =
        cases.stream()
            .collect(Collectors.groupingBy(Case::section, LinkedHashMap::new, Collectors.toList()));
    DynamicTest whole =
        DynamicTest.dynamicTest("all cases were run", () -> assertThat(cases).hasSize(CASES));
    return Stream.concat(
        Stream.of(whole),
        sections.entrySet().stream()
            .map(s -> DynamicContainer.dynamicContainer(s.getKey(), tests(s.getValue()))));
  }

  private static Stream<DynamicTest> tests(List<Case> cases) {
    return cases.stream()
        .map(c -> DynamicTest.dynamicTest(c.what(), () -> assertThat(c.failure()).isNull()));
  }
}
