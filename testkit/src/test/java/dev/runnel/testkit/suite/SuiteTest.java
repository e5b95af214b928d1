package dev.runnel.testkit.suite;

import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;

/** The suite against the server as it is. */
@TestInstance(Lifecycle.PER_CLASS)
class SuiteTest {
  private final QuietLogs logs = new QuietLogs();

  @BeforeAll
  void begin() {
    logs.begin();
  }

  @AfterAll
  void end() {
    logs.end();
  }

  @TestFactory
  Stream<DynamicTest> scenarios() {
    return Suite.scenarios().entrySet().stream()
        .map(named -> DynamicTest.dynamicTest(named.getKey(), () -> named.getValue().run()));
  }
}
