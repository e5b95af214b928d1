package dev.runnel.testkit;

import dev.runnel.engine.CancelCause;
import dev.runnel.engine.Exchange;
import dev.runnel.engine.Outcome;
import dev.runnel.http.Body;
import dev.runnel.http.HeaderNames;
import dev.runnel.http.Headers;
import dev.runnel.http.HttpError;
import dev.runnel.http.Method;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.http.ResponseHead;
import dev.runnel.http.Status;
import dev.runnel.io.Bytes;
import dev.runnel.testkit.RecordedBody.End;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is kept of one call while it runs. On its loop, but for the bodies. */
final class CallCapture {
  private final Request request;
  private final Headers sent;
  private final int limit;
  private final BodyCapture upload;
  private final BodyCapture download;
  private final Exchange call;
  private final long begun;
  private boolean seen;
  private boolean upgraded;
  private Body.@Nullable File file;
  private @Nullable Status errorStatus;
  private @Nullable ResponseHead head;
  private long headMillis;

  CallCapture(Exchange call, int limit) {
    this.call = call;
    this.request = call.request();
    this.sent = headers(request);
    this.limit = limit;
    this.begun = request.nanoTime();
    this.upload = new BodyCapture(limit, this::millis);
    this.download = new BodyCapture(limit, this::millis);
  }

  /** Over HTTP/2 the authority takes the place of Host (RFC 9113 8.3.1). */
  private static Headers headers(Request request) {
    boolean named = request.headers().contains(HeaderNames.HOST) || request.authority().isEmpty();
    return named
        ? request.headers()
        : Headers.of(HeaderNames.HOST, request.authority()).plus(request.headers());
  }

  private long millis() {
    return (call.loop().nanoTime() - begun) / 1_000_000;
  }

  BodyCapture upload() {
    return upload;
  }

  BodyCapture download() {
    return download;
  }

  // --- on the loop ---

  /** A head that is being committed; an edit behind may still change it, and then says so here. */
  ResponseHead head(ResponseHead edited) {
    head = edited;
    headMillis = millis();
    return edited;
  }

  void streamed() {
    answered(null);
  }

  void whole(Bytes bytes) {
    answered(null);
    download.add(bytes);
  }

  void file(Body.File body) {
    answered(null);
    file = body;
  }

  void upgraded() {
    answered(null);
    upgraded = true;
  }

  /** What was to be sent gives way to an error answer, which the engine makes of this. */
  void failed(Throwable error) {
    seen = false;
    file = null;
    upgraded = false;
    download.reset();
    Response answer = error instanceof HttpError http ? answerOf(http) : null;
    if (answer != null && answer.body() instanceof Body.Whole whole) {
      answered(answer.status());
      download.add(whole.bytes());
    }
  }

  /** What the error says it is answered with; null if it fails to, which the engine logs. */
  private static @Nullable Response answerOf(HttpError error) {
    try {
      return error.toResponse();
    } catch (RuntimeException e) {
      return null;
    }
  }

  private void answered(@Nullable Status error) {
    seen = true;
    errorStatus = error;
    download.reset();
  }

  // --- at the end ---

  /** All that the call was; on the loop. */
  Ended end(Outcome outcome) {
    boolean uploaded = upload.hasEnded();
    RecordedBody asked = upload.body(uploaded ? End.COMPLETE : End.UNREAD);
    boolean none = outcome.cancelled() != null && !call.isCommitted();
    int status = none ? 0 : outcome.status();
    RecordedBody said = download.body(how(outcome));
    if (isWithheld(status) || (said.end() == End.UNSEEN)) {
      said = new RecordedBody(List.of(), 0, said.end(), said.endMillis(), Headers.EMPTY);
    }
    ResponseHead known = head;
    Headers fields = known == null ? Headers.EMPTY : known.headers();
    return new Ended(
        new Recording(
            new Recording.Request(request.method().name(), request.target(), sent, asked),
            new Recording.Answer(
                status, known == null ? said.endMillis() : headMillis, fields, said),
            Redaction.NONE),
        isWithheld(status) || said.end() != End.COMPLETE ? null : file,
        limit);
  }

  private End how(Outcome outcome) {
    CancelCause cancelled = outcome.cancelled();
    if (upgraded) {
      return End.UPGRADED;
    }
    if (cancelled != null) {
      return cancelled == CancelCause.CLIENT_GONE ? End.CLIENT_GONE : End.BROKEN;
    }
    boolean other = errorStatus != null && errorStatus.code() != outcome.status();
    return seen && !other ? End.COMPLETE : End.UNSEEN;
  }

  private boolean isWithheld(int status) {
    return request.method().equals(Method.HEAD) || status == 0 || Status.of(status).forbidsBody();
  }

  /**
   * A call that is over.
   *
   * @param file whose bytes the answer has, still to be read
   */
  record Ended(Recording withoutFile, Body.@Nullable File file, int limit) {
    /** The recording; reads the file, and so may block. */
    Recording recording() {
      Body.File sent = file;
      return sent == null ? withoutFile : withFile(sent);
    }

    private Recording withFile(Body.File sent) {
      Recording.Answer answer = withoutFile.answer();
      RecordedBody empty = answer.body();
      Bytes bytes = read(sent);
      List<RecordedBody.Piece> pieces =
          bytes.isEmpty() ? List.of() : List.of(new RecordedBody.Piece(answer.headMillis(), bytes));
      return withoutFile.answer(
          answer.withBody(
              new RecordedBody(
                  pieces, sent.length(), empty.end(), empty.endMillis(), empty.trailers())));
    }

    private Bytes read(Body.File sent) {
      ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(limit, sent.length()));
      try (FileChannel channel = FileChannel.open(sent.path())) {
        while (bytes.hasRemaining() && channel.read(bytes, sent.offset() + bytes.position()) >= 0) {
          // on, until what is kept or the file is full
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return Bytes.copyOf(bytes.array(), 0, bytes.position());
    }
  }
}
