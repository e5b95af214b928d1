package dev.runnel.testkit.mutants;

import dev.runnel.server.Eventually;
import java.lang.reflect.InvocationTargetException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The suite against one bug, in classes of their own: first all scenarios of its subjects, and
 * where none of these has noticed it, the others until one does.
 */
final class Bout {
  private static final String SUITE = "dev.runnel.testkit.suite.Suite";

  private final Map<String, Throwable> failures = new LinkedHashMap<>();
  private @Nullable String running;
  private int ran;

  private Bout() {}

  /**
   * What the suite says.
   *
   * @param ran how many scenarios did
   * @param failures what those failed with that did
   * @param stuck the scenario that did not come to an end, or null
   */
  record Verdict(int ran, Map<String, Throwable> failures, @Nullable String stuck) {
    private static final int LONGEST = 160;

    /** The bug, and who noticed it by what. */
    String toText(Mutant mutant) {
      StringBuilder text = new StringBuilder(mutant.bug());
      text.append("\n    in ").append(mutant.type()).append('.').append(mutant.method());
      text.append(", noticed by ").append(failures.size()).append(" of ").append(ran);
      failures.forEach(
          (name, failure) ->
              text.append("\n    - ").append(name).append(": ").append(words(failure)));
      return text.append('\n').toString();
    }

    private static String words(Throwable failure) {
      String words =
          String.valueOf(failure.getMessage()).replaceAll("[^\\p{Graph}…]+", " ").strip();
      return words.length() <= LONGEST ? words : words.substring(0, LONGEST) + "…";
    }
  }

  /**
   * Runs it.
   *
   * @param mutant the bug; null is none
   * @throws Mutant.MissingAnchor if the code is not what the mutant was written for
   */
  static Verdict of(@Nullable Mutant mutant) {
    MutatedClasses classes = new MutatedClasses(mutant);
    Bout bout = new Bout();
    AtomicReference<@Nullable Throwable> broken = new AtomicReference<>();
    Thread thread = new Thread(() -> bout.run(mutant, classes, broken), "suite");
    thread.setDaemon(true);
    thread.setContextClassLoader(classes);
    thread.start();
    join(thread);
    Throwable reason = broken.get();
    if (reason != null) {
      throw new AssertionError("the suite could not be run against " + mutant, reason);
    }
    return bout.verdict();
  }

  /** The bound is met only if a bug makes a loop of the server feed itself: the thread is left. */
  private static void join(Thread thread) {
    try {
      thread.join(Eventually.CROWD_PATIENCE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while the suite ran", e);
    }
  }

  private void run(
      @Nullable Mutant mutant, ClassLoader classes, AtomicReference<@Nullable Throwable> broken) {
    try {
      Map<String, Runnable> rest = scenarios(classes);
      if (mutant != null) {
        Map<String, Runnable> first = new LinkedHashMap<>(rest);
        first.keySet().removeIf(name -> !mutant.isSubjectOf(name));
        rest.keySet().removeAll(first.keySet());
        first.forEach(this::run);
      }
      for (Map.Entry<String, Runnable> scenario : rest.entrySet()) {
        if (mutant == null || !isNoticed()) {
          run(scenario.getKey(), scenario.getValue());
        }
      }
    } catch (Throwable e) {
      broken.set(e);
    }
  }

  private void run(String name, Runnable scenario) {
    begins(name);
    ended(failure(scenario));
  }

  @SuppressWarnings("unchecked") // what that method returns
  private static Map<String, Runnable> scenarios(ClassLoader classes) throws Exception {
    try {
      Class<?> suite = Class.forName(SUITE, true, classes);
      return (Map<String, Runnable>) suite.getMethod("scenarios").invoke(null);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException("the suite does not say its scenarios", e.getCause());
    }
  }

  private static @Nullable Throwable failure(Runnable scenario) {
    try {
      scenario.run();
      return null;
    } catch (LinkageError e) {
      throw e; // no bug of a server, but of the change that was to make one
    } catch (Throwable e) {
      return e;
    }
  }

  private synchronized boolean isNoticed() {
    return !failures.isEmpty();
  }

  private synchronized void begins(String scenario) {
    running = scenario;
  }

  private synchronized void ended(@Nullable Throwable failure) {
    if (failure != null && running != null) {
      failures.put(running, failure);
    }
    running = null;
    ran++;
  }

  private synchronized Verdict verdict() {
    return new Verdict(ran, new LinkedHashMap<>(failures), running);
  }
}
