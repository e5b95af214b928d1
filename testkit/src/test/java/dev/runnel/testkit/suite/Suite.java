package dev.runnel.testkit.suite;

import java.util.LinkedHashMap;
import java.util.Map;

/** All scenarios by name, in the order of their subjects. */
public final class Suite {
  private final Map<String, Runnable> scenarios = new LinkedHashMap<>();

  /** A scenario, which may throw whatever it likes. */
  @FunctionalInterface
  public interface Scenario {
    void run() throws Exception;
  }

  /** All of them. In words of the JDK only: the caller may be of another class loader. */
  public static Map<String, Runnable> scenarios() {
    Suite suite = new Suite();
    Http1Scenarios.addTo(suite);
    BodyScenarios.addTo(suite);
    TimeScenarios.addTo(suite);
    EndScenarios.addTo(suite);
    Http2Scenarios.addTo(suite);
    Http2EndScenarios.addTo(suite);
    EventScenarios.addTo(suite);
    WebSocketScenarios.addTo(suite);
    CallScenarios.INSTANCE.addTo(suite);
    return suite.scenarios;
  }

  /** Adds one. */
  public void add(String name, Scenario scenario) {
    Runnable known = scenarios.put(name, () -> run(scenario));
    if (known != null) {
      throw new IllegalArgumentException("there are two scenarios named '" + name + "'");
    }
  }

  private static void run(Scenario scenario) {
    try {
      scenario.run();
    } catch (RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new AssertionError("the scenario failed: " + e, e);
    }
  }
}
