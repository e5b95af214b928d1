package dev.runnel.engine;

import dev.runnel.http.Request;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/**
 * What the log lines of a call carry in the MDC of SLF4J. The entries belong to the call, not to a
 * thread: whoever runs code of a call installs them before and takes them away after, so that
 * nothing reaches the next call on that thread.
 *
 * <pre>
 *   Map&lt;String, String&gt; before = LogContext.install(LogContext.of(request));
 *   try { … } finally { LogContext.restore(before); }
 * </pre>
 */
public final class LogContext {
  private static final Request.Key<Map<String, String>> ENTRIES = Request.Key.of("log context");

  private LogContext() {}

  /** The entries of a call, immutable; null when there are none. */
  public static @Nullable Map<String, String> of(Request request) {
    return request.attribute(ENTRIES);
  }

  /**
   * Adds an entry for the rest of the call, and in the MDC of this thread until it leaves the call.
   */
  public static void put(Request request, String key, String value) {
    Map<String, String> known = of(request);
    Map<String, String> entries =
        known == null ? new LinkedHashMap<>() : new LinkedHashMap<>(known);
    entries.put(key, value);
    request.attribute(ENTRIES, Collections.unmodifiableMap(entries));
    MDC.put(key, value);
  }

  /**
   * Makes these entries, and no others, the MDC of this thread.
   *
   * @return what the thread had before, for {@link #restore}
   */
  public static @Nullable Map<String, String> install(@Nullable Map<String, String> entries) {
    Map<String, String> before = MDC.getCopyOfContextMap();
    if (entries != null) {
      MDC.setContextMap(entries);
    } else if (before != null) {
      MDC.clear();
    }
    return before;
  }

  /**
   * Gives the thread back what it had, whatever was put since. Two thread-local reads where no MDC
   * is used.
   */
  public static void restore(@Nullable Map<String, String> before) {
    if (before != null) {
      MDC.setContextMap(before);
    } else if (MDC.getCopyOfContextMap() != null) {
      MDC.clear();
    }
  }
}
