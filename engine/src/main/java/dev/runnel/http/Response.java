package dev.runnel.http;

import dev.runnel.io.Bytes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A response: an immutable value. With a whole body it may be kept in a constant and returned any
 * number of times. Methods that look like changes return another response.
 */
public final class Response {
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final String JSON = "application/json";
  private static final String OCTETS = "application/octet-stream";
  private static final ResponseHead OK_HEAD = new ResponseHead(Status.OK, Headers.EMPTY);
  private static final ResponseHead OK_TEXT = typed(OK_HEAD, TEXT);
  private static final ResponseHead OK_JSON = typed(OK_HEAD, JSON);
  private static final ResponseHead OK_OCTETS = typed(OK_HEAD, OCTETS);
  private static final long MOST_HELD = 16 << 20;
  private static final Response OK = new Response(OK_HEAD, Body.EMPTY, null, null);

  private final ResponseHead head;
  private final Body body;
  private final @Nullable Supplier<Headers> trailers;
  private final @Nullable Received received;

  private Response(
      ResponseHead head,
      Body body,
      @Nullable Supplier<Headers> trailers,
      @Nullable Received received) {
    this.head = head;
    this.body = body;
    this.trailers = trailers;
    this.received = received;
  }

  /** A response of this status without a body. */
  public static Response of(Status status) {
    return new Response(new ResponseHead(status, Headers.EMPTY), Body.EMPTY, null, null);
  }

  /** A response of this status code without a body. */
  public static Response of(int status) {
    return of(Status.of(status));
  }

  /** 200 without a body. */
  public static Response ok() {
    return OK;
  }

  /** 200 with text in UTF-8. */
  public static Response ok(String text) {
    return OK.text(text);
  }

  /** 200 with bytes ({@code application/octet-stream}). */
  public static Response ok(byte[] bytes) {
    return OK.body(OCTETS, Bytes.copyOf(bytes));
  }

  /** 200 with a value as JSON, encoded now by {@link BodyCodec#json()}. */
  public static Response json(Object value) {
    return OK.body(JSON, Bytes.Unsafe.wrap(BodyCodec.json().encode(value)));
  }

  /**
   * 200 with a file, its type guessed from the name.
   *
   * @throws HttpError 404 if there is no such regular file
   */
  public static Response file(Path file) {
    try {
      if (!Files.isRegularFile(file)) {
        throw new HttpError(404, "no such file");
      }
      return OK.body(MediaType.ofFileName(file), new Body.File(file, 0, Files.size(file)));
    } catch (IOException e) {
      throw new HttpError(Problem.of(Status.NOT_FOUND, "no such file"), Headers.EMPTY, e);
    }
  }

  /** 200 with a body that blocking code writes. */
  public static Response output(String mediaType, Body.Output body) {
    return OK.body(mediaType, body);
  }

  /** 201 that names the new resource. */
  public static Response created(String location) {
    return of(Status.CREATED).header(HeaderNames.LOCATION, location);
  }

  /** 202 without a body. */
  public static Response accepted() {
    return of(Status.ACCEPTED);
  }

  /** 204. */
  public static Response noContent() {
    return of(Status.NO_CONTENT);
  }

  /** 302 to another place. */
  public static Response redirect(String location) {
    return redirect(Status.FOUND, location);
  }

  /**
   * A redirect of this status.
   *
   * @throws IllegalArgumentException if the status is not 301, 302, 303, 307 or 308
   */
  public static Response redirect(Status status, String location) {
    return switch (status.code()) {
      case 301, 302, 303, 307, 308 -> of(status).header(HeaderNames.LOCATION, location);
      default -> throw new IllegalArgumentException("not a redirect status: " + status);
    };
  }

  /** 404 as a problem document. */
  public static Response notFound() {
    return Problem.of(Status.NOT_FOUND, null).toResponse();
  }

  /**
   * 101 that takes the connection over for another protocol (RFC 9110 7.8). To a CONNECT request
   * answer 200 with an {@link Body.Upgrade} body instead.
   */
  public static Response upgrade(String protocol, Body.Upgrade body) {
    return of(Status.SWITCHING_PROTOCOLS).header(HeaderNames.UPGRADE, protocol).body(body);
  }

  /** The status. */
  public Status status() {
    return head.status();
  }

  /** The header section, without what the engine adds (framing, Date). */
  public Headers headers() {
    return head.headers();
  }

  /** Status and headers. */
  public ResponseHead head() {
    return head;
  }

  /** The body. */
  public Body body() {
    return body;
  }

  /**
   * The body, to be read: of an answer that a client got, or that a handler made for a test. What
   * is held as a whole is at most 16 MiB, unless the client has another limit.
   */
  public Content content() {
    return body instanceof Content content
        ? content
        : new ReadContent(body, headers(), MOST_HELD, Response::tooLarge);
  }

  private static RuntimeException tooLarge(long limit) {
    return new IllegalStateException(
        "the body is larger than the limit of " + limit + " bytes for bodies read as a whole");
  }

  /**
   * The trailer section to send behind the body, asked for when the body has ended; null when there
   * is none.
   */
  public @Nullable Supplier<Headers> trailers() {
    return trailers;
  }

  /** How it came, if a client got it; null if it was made here. */
  public @Nullable Received received() {
    return received;
  }

  /** This response as one that came so. */
  public Response received(Received how) {
    return new Response(head, body, trailers, how);
  }

  /** This response with another status. */
  public Response status(Status replacement) {
    return headed(new ResponseHead(replacement, headers()));
  }

  /** This response with one more header line. */
  public Response header(String name, String value) {
    return headers(headers().with(name, value));
  }

  /** This response with all lines of this name replaced by one. */
  public Response setHeader(String name, String value) {
    return headers(headers().set(name, value));
  }

  /** This response with another header section. */
  public Response headers(Headers replacement) {
    return headed(head.withHeaders(replacement));
  }

  private Response headed(ResponseHead replacement) {
    return new Response(replacement, body, trailers, received);
  }

  /** This response with a Set-Cookie line (RFC 6265bis). */
  public Response cookie(Cookie cookie) {
    return header(HeaderNames.SET_COOKIE, cookie.toSetCookie());
  }

  /** This response with another body; its Content-Type stays. */
  public Response body(Body replacement) {
    return new Response(head, Objects.requireNonNull(replacement), trailers, received);
  }

  /** This response with another body; its Content-Type stays. */
  public Response body(Bytes bytes) {
    return body(new Body.Whole(bytes));
  }

  /** This response with a body of this type. */
  public Response body(String mediaType, Body replacement) {
    return new Response(typed(mediaType), replacement, trailers, received);
  }

  /** Most answers are 200 with one of few types and nothing else: those share their heads. */
  private ResponseHead typed(String mediaType) {
    if (!head.status().equals(Status.OK) || head.headers().size() > 0) {
      return typed(head, mediaType);
    }
    return switch (mediaType) {
      case TEXT -> OK_TEXT;
      case JSON -> OK_JSON;
      case OCTETS -> OK_OCTETS;
      default -> typed(head, mediaType);
    };
  }

  private static ResponseHead typed(ResponseHead head, String mediaType) {
    return head.withHeaders(head.headers().set(HeaderNames.CONTENT_TYPE, mediaType));
  }

  /** This response with bytes of this type. */
  public Response body(String mediaType, Bytes bytes) {
    return body(mediaType, new Body.Whole(bytes));
  }

  /** This response with text in UTF-8. */
  public Response text(String text) {
    return body(TEXT, Bytes.utf8(text));
  }

  /**
   * This response with a trailer section behind its body; it is then sent chunked. The supplier is
   * called once the body has ended.
   */
  public Response withTrailers(Supplier<Headers> supplier) {
    return new Response(head, body, supplier, received);
  }

  /** The status and the names of the header fields. */
  @Override
  public String toString() {
    return status() + " " + headers();
  }
}
