package dev.runnel.conformance.contract;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.slf4j.LoggerFactory;

/** What the engine logged during a test. A warning or error that the test did not ask for fails. */
public final class Logs extends AppenderBase<ILoggingEvent> implements AutoCloseable {
  private final List<ILoggingEvent> events = new CopyOnWriteArrayList<>();
  private final List<Logger> loggers =
      List.of(logger("runnel", Level.DEBUG), logger("io.netty", Level.WARN));

  /** Listens from now on. */
  public Logs() {
    start();
    loggers.forEach(logger -> logger.addAppender(this));
  }

  private static Logger logger(String name, Level level) {
    Logger logger = (Logger) LoggerFactory.getLogger(name);
    logger.setLevel(level);
    logger.setAdditive(false);
    return logger;
  }

  @Override
  protected void append(ILoggingEvent event) {
    event.prepareForDeferredProcessing();
    events.add(event);
  }

  /** Takes the lines that fit, so that they do not fail the test. */
  List<ILoggingEvent> take(Predicate<ILoggingEvent> fits) {
    List<ILoggingEvent> taken = events.stream().filter(fits).toList();
    events.removeAll(taken);
    return taken;
  }

  /** Takes the lines of this level or worse. */
  List<ILoggingEvent> take(Level atLeast) {
    return take(event -> event.getLevel().isGreaterOrEqual(atLeast));
  }

  /** The messages of this logger, which stay. */
  List<String> of(String logger) {
    return events.stream()
        .filter(event -> event.getLoggerName().equals(logger))
        .map(ILoggingEvent::getFormattedMessage)
        .toList();
  }

  /** Takes all warnings and errors. */
  public List<String> complaints() {
    return take(Level.WARN).stream()
        .map(event -> event + (event.getThrowableProxy() == null ? "" : ": " + cause(event)))
        .toList();
  }

  private static String cause(ILoggingEvent event) {
    var thrown = event.getThrowableProxy();
    var frames = thrown.getStackTraceElementProxyArray();
    StringBuilder text = new StringBuilder(thrown.getClassName() + ": " + thrown.getMessage());
    for (int i = 0; i < Math.min(12, frames.length); i++) {
      text.append("\n\t").append(frames[i]);
    }
    return text.toString();
  }

  @Override
  public void close() {
    loggers.forEach(logger -> logger.detachAppender(this));
    stop();
  }
}
