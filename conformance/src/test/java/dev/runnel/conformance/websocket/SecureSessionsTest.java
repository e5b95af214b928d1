package dev.runnel.conformance.websocket;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** The scripted sessions over TLS, as far as it may matter: ends, and much data. */
@ParameterizedClass(name = "{0}")
@MethodSource("dev.runnel.conformance.websocket.Combination#secure")
class SecureSessionsTest {
  @Parameter Combination on;

  @TestFactory
  Stream<DynamicTest> closes() {
    return ScriptedSessionsTest.tests(on, CloseCases.all());
  }

  @TestFactory
  Stream<DynamicTest> limits() {
    return ScriptedSessionsTest.tests(on, LimitCases.all());
  }
}
