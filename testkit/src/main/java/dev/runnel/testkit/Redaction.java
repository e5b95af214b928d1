package dev.runnel.testkit;

import dev.runnel.http.HeaderNames;
import dev.runnel.http.Headers;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is taken out of an exchange before it is kept: {@value #MARK} stands in its place. Names are
 * compared without case. Immutable.
 *
 * <p>Members are looked for in the query of the target and of {@code Location} and {@code Referer},
 * and in bodies: fields of forms, parts of {@code multipart/form-data}, and, in any other body,
 * what is written like a member of JSON, be it whole or not. What is compressed, or in UTF-16, is
 * not seen through: leave it out by {@link Recorder#redact}.
 *
 * @param fields header and trailer fields whose values are secret
 * @param members parameters of queries, fields of forms and members of JSON whose values are secret
 */
public record Redaction(Set<String> fields, Set<String> members) {
  /** What stands in the place of a secret. */
  public static final String MARK = "(redacted)";

  /** Nothing is taken out. */
  public static final Redaction NONE = new Redaction(Set.of(), Set.of());

  /** The fields that carry credentials (RFC 9110 11, RFC 6265), and members often called so. */
  public static final Redaction DEFAULT =
      NONE.withFields(
              HeaderNames.AUTHORIZATION,
              HeaderNames.COOKIE,
              "Proxy-Authorization",
              HeaderNames.SET_COOKIE)
          .withMembers(
              "access_token",
              "api_key",
              "apiKey",
              "accessToken",
              "client_secret",
              "clientSecret",
              "id_token",
              "passwd",
              "password",
              "pwd",
              "refresh_token",
              "refreshToken",
              "secret",
              "token");

  public Redaction {
    fields = sorted(fields, List.of());
    members = sorted(members, List.of());
  }

  private static Set<String> sorted(Collection<String> some, Collection<String> more) {
    Set<String> all = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    all.addAll(some);
    all.addAll(more);
    for (String name : all) {
      if (name.isBlank() || name.contains(",") || !name.equals(name.strip())) {
        throw new IllegalArgumentException(
            "a name to redact has no comma and no white space around it, but this is '"
                + name
                + "'");
      }
    }
    return Collections.unmodifiableSet(all);
  }

  /** With more fields of headers and trailers. */
  public Redaction withFields(String... names) {
    return new Redaction(sorted(fields, List.of(names)), members);
  }

  /** With more members: parameters of queries, fields of forms, members of JSON. */
  public Redaction withMembers(String... names) {
    return new Redaction(fields, sorted(members, List.of(names)));
  }

  /** The recording without what is secret. */
  public Recording apply(Recording recording) {
    Recording.Request request = recording.request();
    Recording.Answer answer = recording.answer();
    SecretMembers secret = new SecretMembers(members);
    RecordedBody sent = body(secret, request.headers(), request.body());
    RecordedBody said = body(secret, answer.headers(), answer.body());
    return new Recording(
        new Recording.Request(
            request.method(),
            target(secret, request.target()),
            section(secret, measured(request.headers(), request.body(), sent)),
            sent),
        new Recording.Answer(
            answer.status(),
            answer.headMillis(),
            section(secret, measured(answer.headers(), answer.body(), said)),
            said),
        this);
  }

  private static String target(SecretMembers secret, String target) {
    int mark = target.indexOf('?');
    return mark < 0
        ? target
        : target.substring(0, mark + 1) + secret.inForm(target.substring(mark + 1));
  }

  /** The length that the body has now: a fixture must not contradict itself. */
  private static Headers measured(Headers headers, RecordedBody before, RecordedBody after) {
    return before.length() == after.length() || !headers.contains(HeaderNames.CONTENT_LENGTH)
        ? headers
        : headers.set(HeaderNames.CONTENT_LENGTH, Long.toString(after.length()));
  }

  private Headers section(SecretMembers secret, Headers headers) {
    Headers kept = Headers.EMPTY;
    for (Headers.Field field : headers) {
      String value = field.value();
      if (fields.contains(field.name())) {
        value = MARK;
      } else if (field.name().equalsIgnoreCase(HeaderNames.LOCATION)
          || field.name().equalsIgnoreCase(HeaderNames.REFERER)) {
        value = target(secret, value);
      }
      kept = kept.with(field.name(), value);
    }
    return kept;
  }

  private RecordedBody body(SecretMembers secret, Headers headers, RecordedBody body) {
    RecordedBody clean = secret.in(headers.get(HeaderNames.CONTENT_TYPE), body);
    Headers trailers = section(secret, body.trailers());
    return new RecordedBody(clean.pieces(), clean.length(), body.end(), body.endMillis(), trailers);
  }
}
