package dev.runnel.server;

import dev.runnel.engine.CancelCause;
import dev.runnel.engine.Exchange;
import dev.runnel.engine.Filter;
import dev.runnel.engine.LogContext;
import dev.runnel.engine.Outcome;
import dev.runnel.http.HeaderNames;
import dev.runnel.http.Request;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The standard filters, for handlers of either face. */
public final class Filters {
  private static final Logger ACCESS = LoggerFactory.getLogger("runnel.access");
  private static final String STRICT_TRANSPORT_SECURITY = "Strict-Transport-Security";
  private static final String MDC_REQUEST_ID = "requestId";

  /**
   * What UUIDs, ULIDs, trace ids and Base64 need. A longer or stranger id could forge log lines.
   */
  private static final Pattern VALID_ID = Pattern.compile("[A-Za-z0-9._~:+/=@-]{1,128}");

  private Filters() {}

  /**
   * Gives what stands behind it this long to answer. After that the client gets 503 as a problem
   * document, through the filters in front, and the handler is cancelled with {@link
   * CancelCause#TIMEOUT}; what it still answers is dropped. A streamed answer leaves the deadline
   * once its head is committed.
   *
   * @throws IllegalArgumentException if the limit is not positive
   */
  public static Filter requestTimeout(Duration limit) {
    if (limit.isNegative() || limit.isZero()) {
      throw new IllegalArgumentException("the time limit must be positive, but is " + limit);
    }
    return next ->
        exchange -> {
          RequestTimeout timed = new RequestTimeout(exchange, limit);
          timed.begin();
          next.handle(timed);
        };
  }

  /**
   * Takes the id of the request from {@code X-Request-Id} if it is a sane one (1 to 128 letters,
   * digits and {@code ._~:+/=@-}), else keeps the one the engine made; sends it back in {@code
   * X-Request-Id} and puts it into the MDC as {@code requestId}.
   */
  public static Filter requestId() {
    return next ->
        exchange -> {
          Request request = exchange.request();
          String id = adoptId(exchange);
          exchange.onHead(
              head -> head.withHeaders(head.headers().set(HeaderNames.X_REQUEST_ID, id)));
          Map<String, String> before = LogContext.install(LogContext.of(request));
          try {
            LogContext.put(request, MDC_REQUEST_ID, id);
            next.handle(exchange);
          } finally {
            LogContext.restore(before);
          }
        };
  }

  private static String adoptId(Exchange exchange) {
    String sent = exchange.request().header(HeaderNames.X_REQUEST_ID);
    if (sent == null || !VALID_ID.matcher(sent).matches()) {
      return exchange.request().id();
    }
    exchange.settings().requestId(sent);
    return sent;
  }

  /**
   * Has browsers use https for this host from now on, for a year: {@code Strict-Transport-Security}
   * (RFC 6797) on every answer to a request that came by https.
   */
  public static Filter hsts() {
    return hsts(Duration.ofDays(365), false, false);
  }

  /**
   * Like {@link #hsts()}.
   *
   * @param maxAge how long browsers remember; ZERO has them forget
   * @param includeSubDomains whether it holds for all hosts below this one as well
   * @param preload whether the host may be put into browsers' own lists, which is hard to undo
   *     (hstspreload.org)
   * @throws IllegalArgumentException if the time is negative, or preload goes without a year and
   *     sub-domains, which the lists ask for
   */
  public static Filter hsts(Duration maxAge, boolean includeSubDomains, boolean preload) {
    if (maxAge.isNegative()) {
      throw new IllegalArgumentException("maxAge must not be negative, but is " + maxAge);
    }
    if (preload && (!includeSubDomains || maxAge.compareTo(Duration.ofDays(365)) < 0)) {
      throw new IllegalArgumentException(
          "preload needs includeSubDomains and a maxAge of at least 365 days, but is used with "
              + maxAge);
    }
    String value =
        "max-age="
            + maxAge.toSeconds()
            + (includeSubDomains ? "; includeSubDomains" : "")
            + (preload ? "; preload" : "");
    return next ->
        exchange -> {
          // In clear anybody on the way could have put it there (RFC 6797 7.2).
          if (exchange.request().scheme().equals("https")) {
            exchange.onHead(
                head -> head.withHeaders(head.headers().set(STRICT_TRANSPORT_SECURITY, value)));
          }
          next.handle(exchange);
        };
  }

  /**
   * Logs each call that ended, on {@code runnel.access} at level info: method, target, status,
   * bytes of the body, milliseconds, id; for a cancelled call also why. A client that left is
   * status 499.
   */
  public static Filter accessLog() {
    return next ->
        exchange -> {
          if (ACCESS.isInfoEnabled()) {
            Request request = exchange.request();
            exchange.onEnd(outcome -> logAccess(request, outcome));
          }
          next.handle(exchange);
        };
  }

  private static void logAccess(Request request, Outcome outcome) {
    @Nullable CancelCause cancelled = outcome.cancelled();
    int status =
        cancelled == CancelCause.CLIENT_GONE ? Outcome.CLIENT_CLOSED_REQUEST : outcome.status();
    ACCESS.info(
        "{} {} {} {} {} {}{}",
        request.method(),
        request.target(),
        status,
        outcome.bytesSent(),
        millis(outcome.nanos()),
        request.id(),
        cancelled == null ? "" : " " + cancelled);
  }

  /** Milliseconds with three digits behind the point, without a locale or a Formatter. */
  private static String millis(long nanos) {
    long micros = nanos / 1_000;
    String fraction = Long.toString(micros % 1_000 + 1_000);
    return micros / 1_000 + "." + fraction.substring(1);
  }
}
