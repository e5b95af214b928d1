package dev.runnel.client;

import dev.runnel.http.HeaderNames;
import dev.runnel.http.Headers;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Fields that are about one connection only, and never go on (RFC 9110 7.6.1). */
final class HopFields {
  private static final List<String> ALWAYS =
      List.of(
          HeaderNames.CONNECTION,
          "Keep-Alive",
          "Proxy-Connection",
          HeaderNames.TRANSFER_ENCODING,
          HeaderNames.CONTENT_LENGTH,
          "HTTP2-Settings",
          HeaderNames.UPGRADE);

  private static final Pattern COMMA = Pattern.compile(",");

  private HopFields() {}

  /** The fields that go on; of TE only {@code trailers}, which both versions have. */
  static Headers without(Headers fields) {
    List<String> names = new ArrayList<>(ALWAYS);
    for (String line : fields.all(HeaderNames.CONNECTION)) {
      COMMA.splitAsStream(line).map(String::strip).filter(n -> !n.isEmpty()).forEach(names::add);
    }
    boolean trailers = fields.hasToken("TE", "trailers");
    Headers kept = fields.without("TE");
    for (String name : names) {
      kept = kept.without(name);
    }
    return trailers ? kept.with("TE", "trailers") : kept;
  }
}
