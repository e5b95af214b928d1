package dev.runnel.sse;

import dev.runnel.http.BodyCodec;
import dev.runnel.io.Bytes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One event of a stream, as the WHATWG HTML standard (9.2, server-sent events) has it. An immutable
 * value: methods that look like changes give another one. It keeps its encoded form, so that one
 * sent to many is encoded once.
 *
 * <p>An event without data is not dispatched by clients: it can carry an id, a retry or a comment.
 */
public final class ServerEvent {
  private final @Nullable String data;
  private final @Nullable String event;
  private final @Nullable String id;
  private final @Nullable Duration retry;
  private final @Nullable String comment;

  // Whoever comes first makes it; two at a time make the same, and Bytes is safe to publish so.
  private @Nullable Bytes encoded;

  private ServerEvent(
      @Nullable String data,
      @Nullable String event,
      @Nullable String id,
      @Nullable Duration retry,
      @Nullable String comment) {
    this.data = data;
    this.event = event;
    this.id = id;
    this.retry = retry;
    this.comment = comment;
  }

  /** An event with this data; lines end with CR, LF or CR LF, and arrive with LF. */
  public static ServerEvent of(String data) {
    return new ServerEvent(Objects.requireNonNull(data, "data"), null, null, null, null);
  }

  /**
   * An event whose data is this value as JSON, encoded now by {@link BodyCodec#json()}.
   *
   * @throws IllegalArgumentException if values of this type cannot be encoded
   */
  public static ServerEvent json(Object value) {
    return of(new String(BodyCodec.json().encode(value), StandardCharsets.UTF_8));
  }

  /** A comment, which clients skip. */
  public static ServerEvent comment(String text) {
    return new ServerEvent(null, null, null, null, Objects.requireNonNull(text, "comment"));
  }

  /**
   * Tells the client how long to wait before it connects again.
   *
   * @param delay whole milliseconds count
   * @throws IllegalArgumentException if negative
   */
  public static ServerEvent retry(Duration delay) {
    return new ServerEvent(null, null, null, notNegative(delay), null);
  }

  /** What a parser read: no field is refused, and null means that the stream did not have it. */
  static ServerEvent received(
      String data, @Nullable String event, @Nullable String id, @Nullable Duration retry) {
    return new ServerEvent(data, event, id, retry, null);
  }

  /** This event with other data. */
  public ServerEvent withData(String replacement) {
    return new ServerEvent(Objects.requireNonNull(replacement, "data"), event, id, retry, comment);
  }

  /**
   * This event with a type, which clients listen for; {@code message} unless set.
   *
   * @throws IllegalArgumentException if it has CR or LF
   */
  public ServerEvent withEvent(String type) {
    refuse("event", type, false);
    return new ServerEvent(data, type, id, retry, comment);
  }

  /**
   * This event with an id, which a client that connects again sends as {@code Last-Event-ID}. An
   * empty one makes it forget the id it has.
   *
   * @throws IllegalArgumentException if it has CR, LF or NUL
   */
  public ServerEvent withId(String name) {
    refuse("id", name, true);
    return new ServerEvent(data, event, name, retry, comment);
  }

  /**
   * This event with the time that the client waits before it connects again.
   *
   * @param delay whole milliseconds count
   * @throws IllegalArgumentException if negative
   */
  public ServerEvent withRetry(Duration delay) {
    return new ServerEvent(data, event, id, notNegative(delay), comment);
  }

  /** This event with a comment in front, which clients skip. */
  public ServerEvent withComment(String text) {
    return new ServerEvent(data, event, id, retry, Objects.requireNonNull(text, "comment"));
  }

  /** The data, or null. */
  public @Nullable String data() {
    return data;
  }

  /** The type, or null for {@code message}. */
  public @Nullable String event() {
    return event;
  }

  /** The id, or null if it has none of its own. */
  public @Nullable String id() {
    return id;
  }

  /** How long to wait before connecting again, or null. */
  public @Nullable Duration retry() {
    return retry;
  }

  /** The comment, or null. */
  public @Nullable String comment() {
    return comment;
  }

  /** The event as it stands in the stream, with the empty line that ends it. */
  Bytes encoded() {
    Bytes known = encoded;
    if (known == null) {
      known = EventEncoder.write(this);
      encoded = known;
    }
    return known;
  }

  private static Duration notNegative(Duration delay) {
    if (delay.isNegative()) {
      throw new IllegalArgumentException("retry of an event must not be negative: " + delay);
    }
    return delay;
  }

  private static void refuse(String field, String value, boolean andNul) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '\r' || c == '\n' || (andNul && c == 0)) {
        throw new IllegalArgumentException(
            field
                + " of an event must be one line"
                + (andNul ? " without NUL" : "")
                + ", because the stream has no way to escape it, but is \""
                + shown(value)
                + '"');
      }
    }
  }

  private static String shown(String value) {
    return value.replace("\r", "\\r").replace("\n", "\\n").replace("\0", "\\0");
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ServerEvent that
        && Objects.equals(data, that.data)
        && Objects.equals(event, that.event)
        && Objects.equals(id, that.id)
        && Objects.equals(retry, that.retry)
        && Objects.equals(comment, that.comment);
  }

  @Override
  public int hashCode() {
    return Objects.hash(data, event, id, retry, comment);
  }

  /** The fields, with the length of the data only: contents may be secret. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("ServerEvent(");
    text.append(data == null ? "no data" : data.length() + " characters");
    if (event != null) {
      text.append(", event ").append(event);
    }
    if (id != null) {
      text.append(", id ").append(id);
    }
    if (retry != null) {
      text.append(", retry ").append(retry.toMillis()).append(" ms");
    }
    return text.append(')').toString();
  }
}
