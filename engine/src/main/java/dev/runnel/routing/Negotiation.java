package dev.runnel.routing;

import dev.runnel.engine.Exchange;
import dev.runnel.http.HeaderNames;
import dev.runnel.http.Headers;
import dev.runnel.http.MediaType;
import dev.runnel.http.Problem;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.http.ResponseHead;
import dev.runnel.http.Status;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Picks among routes of one method and pattern by media type: first by what came (Content-Type, the
 * narrower declaration wins), then by what is wanted (Accept, the higher weight wins), then the one
 * declared first. A route that declares nothing is the last resort.
 */
final class Negotiation {
  /**
   * Below every weight a client can give (RFC 9110 12.4.2: three decimals), and above 0, "not
   * acceptable".
   */
  private static final double LAST_RESORT = 0.0001;

  private static final int UNFIT = -1;
  private static final UnaryOperator<ResponseHead> VARY = Negotiation::withVary;

  private Negotiation() {}

  /** Whether two routes in one place can be equally good for one request. */
  static boolean ambiguous(Route one, Route other) {
    return share(one.consumed(), other.consumed()) && share(one.produced(), other.produced());
  }

  private static boolean share(List<MediaType> some, List<MediaType> others) {
    return (some.isEmpty() && others.isEmpty()) || !Collections.disjoint(some, others);
  }

  /** The best route, or null if {@link #refusal} is the answer. */
  static @Nullable Entry choose(Endpoint endpoint, Request request) {
    Entry best = null;
    int bestFit = UNFIT;
    double bestQuality = 0;
    for (Entry entry : endpoint.entries()) {
      int fit = fit(entry.route().consumed(), request);
      double quality = quality(entry.route().produced(), request.headers());
      boolean better = fit > bestFit || (fit == bestFit && quality > bestQuality);
      if (fit != UNFIT && quality > 0 && better) {
        best = entry;
        bestFit = fit;
        bestQuality = quality;
      }
    }
    return best;
  }

  /** Makes the answer say that the Accept field had a choice (RFC 9110 12.5.5). */
  static void vary(Exchange exchange) {
    exchange.onHead(VARY);
  }

  private static ResponseHead withVary(ResponseHead head) {
    Headers headers = head.headers();
    boolean said =
        headers.hasToken(HeaderNames.VARY, HeaderNames.ACCEPT)
            || headers.hasToken(HeaderNames.VARY, "*");
    return said ? head : head.withHeaders(headers.with(HeaderNames.VARY, HeaderNames.ACCEPT));
  }

  /** 415 if no route takes the Content-Type, else 406; both say what is on offer. */
  static Response refusal(Endpoint endpoint, Request request) {
    boolean taken =
        endpoint.entries().stream().anyMatch(entry -> fit(entry.route().consumed(), request) >= 0);
    return taken ? notAcceptable(endpoint) : unsupported(endpoint, request);
  }

  private static Response notAcceptable(Endpoint endpoint) {
    List<String> offered = declared(endpoint, Route::produced);
    return Problem.of(
            Status.NOT_ACCEPTABLE,
            "the Accept field admits nothing that is on offer: " + String.join(", ", offered))
        .with("offered", offered)
        .toResponse()
        .header(HeaderNames.VARY, HeaderNames.ACCEPT);
  }

  /** The Accept field says what would be taken (RFC 9110 15.5.16). */
  private static Response unsupported(Endpoint endpoint, Request request) {
    List<String> supported = declared(endpoint, Route::consumed);
    String came = request.header(HeaderNames.CONTENT_TYPE);
    return Problem.of(
            Status.UNSUPPORTED_MEDIA_TYPE,
            (came == null ? "there is no Content-Type" : "the Content-Type is not supported")
                + "; send "
                + String.join(" or ", supported))
        .with("supported", supported)
        .toResponse()
        .header(HeaderNames.ACCEPT, String.join(", ", supported));
  }

  private static List<String> declared(Endpoint endpoint, Function<Route, List<MediaType>> side) {
    return endpoint.entries().stream()
        .flatMap(entry -> side.apply(entry.route()).stream())
        .map(MediaType::toString)
        .distinct()
        .collect(Collectors.toList());
  }

  /**
   * The higher, the narrower the declared range that the body lies in; 0 for a route that declares
   * none.
   */
  private static int fit(List<MediaType> consumed, Request request) {
    if (consumed.isEmpty()) {
      return 0;
    }
    String field = request.header(HeaderNames.CONTENT_TYPE);
    if (field == null) {
      return request.body().isEmpty() ? 0 : UNFIT;
    }
    MediaType came = parse(field);
    int fit = UNFIT;
    for (MediaType range : consumed) {
      if (came != null && came.matches(range)) {
        fit = Math.max(fit, narrowness(range));
      }
    }
    return fit;
  }

  private static @Nullable MediaType parse(String field) {
    try {
      return MediaType.parse(field);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static int narrowness(MediaType range) {
    return range.type().equals("*") ? 1 : range.subtype().equals("*") ? 2 : 3;
  }

  private static double quality(List<MediaType> produced, Headers headers) {
    if (produced.isEmpty()) {
      return LAST_RESORT;
    }
    double quality = 0;
    for (MediaType type : produced) {
      quality = Math.max(quality, MediaType.quality(headers, type));
    }
    return quality;
  }
}
