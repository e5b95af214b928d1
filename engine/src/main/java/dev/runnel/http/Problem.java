package dev.runnel.http;

import dev.runnel.io.Bytes;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A problem document (RFC 9457), sent as {@code application/problem+json}.
 *
 * @param status the status of the answer, repeated in the document
 * @param type a URI that names the kind of problem; {@code about:blank} says no more than the
 *     status
 * @param title the kind of problem in words; the reason phrase unless set
 * @param detail what went wrong this time and how to mend it
 * @param instance a URI of this occurrence
 * @param extensions further members: strings, numbers, booleans, null, lists and maps of them
 */
public record Problem(
    Status status,
    String type,
    String title,
    @Nullable String detail,
    @Nullable String instance,
    Map<String, ?> extensions) {
  /** The media type of a problem document. */
  public static final String MEDIA_TYPE = "application/problem+json";

  private static final Set<String> STANDARD =
      Set.of("type", "title", "status", "detail", "instance");

  /**
   * A problem.
   *
   * @throws IllegalArgumentException if an extension has the name of a standard member (RFC 9457
   *     3.1), which it would contradict
   */
  public Problem {
    for (String name : extensions.keySet()) {
      if (STANDARD.contains(name)) {
        throw new IllegalArgumentException(
            "'" + name + "' is a standard member of a problem, not an extension");
      }
    }
    extensions = Collections.unmodifiableMap(new LinkedHashMap<>(extensions));
  }

  /** A problem that is described by its status and a sentence. */
  public static Problem of(Status status, @Nullable String detail) {
    return new Problem(status, "about:blank", status.reason(), detail, null, Map.of());
  }

  /**
   * This problem with one more member.
   *
   * @throws IllegalArgumentException if the name is that of a standard member
   */
  public Problem with(String name, @Nullable Object value) {
    Map<String, @Nullable Object> more = new LinkedHashMap<>(extensions);
    more.put(name, value);
    return new Problem(status, type, title, detail, instance, more);
  }

  /** The document. */
  public String toJson() {
    Map<String, @Nullable Object> members = new LinkedHashMap<>();
    if (!type.equals("about:blank")) {
      members.put("type", type);
    }
    if (!title.isEmpty()) {
      members.put("title", title);
    }
    members.put("status", status.code());
    if (detail != null) {
      members.put("detail", detail);
    }
    if (instance != null) {
      members.put("instance", instance);
    }
    members.putAll(extensions);
    return JsonText.write(members);
  }

  /** The answer that carries this problem. */
  public Response toResponse() {
    return Response.of(status)
        .header(HeaderNames.CONTENT_TYPE, MEDIA_TYPE)
        .body(Bytes.utf8(toJson()));
  }
}
