package dev.runnel.routing;

import java.util.Set;

/** Finds the line of user code that declares something, for messages. */
final class Declared {
  private static final StackWalker WALKER = StackWalker.getInstance();

  /** Our classes that stand between a declaration and here; tests in this package are users. */
  private static final Set<String> FACES =
      Set.of(
          Declared.class.getName(),
          GroupBuilder.class.getName(),
          RouteBuilder.class.getName(),
          Routes.class.getName());

  private static final String[] PACKAGES = {
    "java.",
    "jdk.",
    "kotlin.",
    "dev.runnel.dsl.",
    "dev.runnel.sse.",
    "dev.runnel.ws.",
    "dev.runnel.server.",
    "dev.runnel.sse.",
    "dev.runnel.ws."
  };

  private Declared() {}

  /** File and line, or "unknown place" where the code has no debug information. */
  static String here() {
    return WALKER.walk(
        frames ->
            frames
                .filter(frame -> isUser(frame.getClassName()))
                .findFirst()
                .map(frame -> frame.getFileName() + ":" + frame.getLineNumber())
                .orElse("unknown place"));
  }

  private static boolean isUser(String name) {
    if (FACES.contains(name)) {
      return false;
    }
    for (String prefix : PACKAGES) {
      if (name.startsWith(prefix)) {
        return false;
      }
    }
    return true;
  }
}
