package dev.runnel.client;

import dev.runnel.http.BodyCodec;
import dev.runnel.http.HeaderNames;
import dev.runnel.http.Headers;
import dev.runnel.http.HttpError;
import dev.runnel.http.MediaType;
import dev.runnel.http.Problem;
import dev.runnel.http.Status;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Problem documents as they are received (RFC 9457 3). */
final class Problems {
  private static final Logger LOG = LoggerFactory.getLogger("runnel.client");

  private Problems() {}

  /**
   * The problem that an answer carries; null where it is none, or none that can be read. Members of
   * a wrong type count as absent (RFC 9457 3.1), and the status is that of the answer.
   */
  static @Nullable Problem read(Status status, Headers headers, byte[] body) {
    if (!isProblem(headers.get(HeaderNames.CONTENT_TYPE))) {
      return null;
    }
    try {
      return of(status, BodyCodec.json().decode(body, Map.class));
    } catch (HttpError | IllegalStateException | IllegalArgumentException e) {
      // The status is told anyway; that its details cannot be read must not hide it.
      LOG.debug("the problem document of an answer {} cannot be read", status, e);
      return null;
    }
  }

  private static boolean isProblem(@Nullable String contentType) {
    if (contentType == null) {
      return false;
    }
    try {
      MediaType type = MediaType.parse(contentType);
      return type.type().equals("application") && type.subtype().equals("problem+json");
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static Problem of(Status status, Map<?, ?> members) {
    Map<String, @Nullable Object> extensions = new LinkedHashMap<>();
    members.forEach((name, value) -> extensions.put(name.toString(), value));
    String type = text(extensions.remove("type"));
    String title = text(extensions.remove("title"));
    String detail = text(extensions.remove("detail"));
    String instance = text(extensions.remove("instance"));
    extensions.remove("status");
    return new Problem(
        status,
        type == null ? "about:blank" : type,
        title == null ? status.reason() : title,
        detail,
        instance,
        extensions);
  }

  private static @Nullable String text(@Nullable Object value) {
    return value instanceof String text ? text : null;
  }
}
