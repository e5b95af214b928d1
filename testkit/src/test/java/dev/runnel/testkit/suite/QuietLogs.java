package dev.runnel.testkit.suite;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.LoggerFactory;

/** Keeps out of the log what scenarios provoke, and what servers with bugs say. */
public final class QuietLogs {
  private final Map<Logger, Level> before = new HashMap<>();

  /** Says nothing from now on. */
  public void begin() {
    for (String name : new String[] {"runnel", "io.netty"}) {
      Logger logger = (Logger) LoggerFactory.getLogger(name);
      before.put(logger, logger.getLevel());
      logger.setLevel(Level.OFF);
    }
  }

  /** Says again what it said before. */
  public void end() {
    before.forEach(Logger::setLevel);
  }
}
