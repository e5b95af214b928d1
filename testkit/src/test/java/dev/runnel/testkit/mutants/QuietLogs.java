package dev.runnel.testkit.mutants;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.LoggerFactory;

/** Keeps the log of a server with bugs from looking like that of one without. */
final class QuietLogs {
  private final Map<Logger, Level> before = new HashMap<>();

  void begin() {
    for (String name : new String[] {"runnel", "io.netty"}) {
      Logger logger = (Logger) LoggerFactory.getLogger(name);
      before.put(logger, logger.getLevel());
      logger.setLevel(Level.OFF);
    }
  }

  void end() {
    before.forEach(Logger::setLevel);
  }
}
