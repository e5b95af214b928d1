package dev.runnel.testing.http2;

import dev.runnel.testing.http2.RequestText.Head;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The fields of a request as HTTP/2 has them. */
final class RequestHeaders {
  /** What HTTP/2 says otherwise, or not at all (RFC 9113 8.2.2, 8.3.1). */
  private static final Set<String> LEFT_OUT =
      Set.of("host", "connection", "keep-alive", "upgrade", "transfer-encoding");

  private RequestHeaders() {}

  static List<Field> of(Head head, String scheme) {
    List<Field> fields = new ArrayList<>();
    String upgrade = head.value("upgrade");
    if (upgrade != null) { // RFC 8441 4: a GET to the protocol
      fields.add(new Field(":method", "CONNECT"));
      fields.add(new Field(":protocol", upgrade));
    } else {
      fields.add(new Field(":method", head.method()));
    }
    if (upgrade != null || !head.method().equals("CONNECT")) { // RFC 9113 8.5
      fields.add(new Field(":scheme", scheme));
      fields.add(new Field(":path", head.target()));
    }
    String host = head.value("host");
    if (host != null) {
      fields.add(new Field(":authority", host));
    }
    head.fields().stream().filter(f -> !LEFT_OUT.contains(f.name())).forEach(fields::add);
    return fields;
  }
}
