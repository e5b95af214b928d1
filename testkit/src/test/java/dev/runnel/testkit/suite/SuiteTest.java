package dev.runnel.testkit.suite;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** The suite against the server as it is. */
class SuiteTest {
  @TestFactory
  Stream<DynamicTest> scenarios() {
    return Suite.scenarios().entrySet().stream()
        .map(named -> DynamicTest.dynamicTest(named.getKey(), () -> named.getValue().run()));
  }
}
