package dev.runnel.client;

import dev.runnel.http.Body;
import dev.runnel.http.BodyReader;
import dev.runnel.http.HeaderNames;
import dev.runnel.http.Headers;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One download. All of its decisions are made in the disk's queue, one at a time, so that its state
 * needs no lock; only the body is moved on its loop.
 */
final class Download {
  private final Function<? super Request, ? extends CompletionStage<Response>> send;
  private final Request request;
  private final Path target;
  private final DownloadOptions options;
  private final DiskQueue disk;
  private final CompletableFuture<Downloaded> result = new CompletableFuture<>();

  private @Nullable PartFile part;
  private @Nullable CompletionStage<Response> pending;
  private @Nullable Transfer transfer;
  private boolean startedAnew;
  private boolean over;
  private volatile boolean settled;

  Download(
      Function<? super Request, ? extends CompletionStage<Response>> send,
      Request request,
      Path target,
      DownloadOptions options,
      DiskQueue disk) {
    this.send = send;
    this.request = request;
    this.target = target;
    this.options = options;
    this.disk = disk;
  }

  CompletableFuture<Downloaded> start() {
    result.whenComplete(
        (value, error) -> {
          if (!settled) {
            disk.execute(this::abandon);
          }
        });
    disk.execute(this::open);
    return result;
  }

  // --- asking ---

  private void open() {
    if (result.isDone()) {
      return; // abandon() is next in the queue
    }
    try {
      String source = ResumeRecord.hash(request.uri().withoutFragment().text());
      PartFile opened = PartFile.open(target, options, source);
      part = opened;
      if (!result.isDone()) {
        ask(opened.record());
      }
    } catch (IOException | RuntimeException e) {
      settle(onDisk(e));
    }
  }

  private void ask(@Nullable ResumeRecord known) {
    Request asked =
        request.withHeaders(
            headers -> {
              Headers plain = headers.set(HeaderNames.ACCEPT_ENCODING, "identity");
              return known == null
                  ? plain
                  : plain
                      .set(HeaderNames.RANGE, "bytes=" + known.kept() + "-")
                      .set("If-Range", known.validator());
            });
    CompletionStage<Response> stage;
    try {
      stage = send.apply(asked);
    } catch (RuntimeException e) {
      settle(e);
      return;
    }
    pending = stage;
    stage.whenComplete((response, error) -> disk.execute(() -> answered(known, response, error)));
  }

  private void answered(
      @Nullable ResumeRecord known, @Nullable Response response, @Nullable Throwable error) {
    pending = null;
    if (response == null) {
      settle(
          error == null
              ? new IllegalStateException("the call completed with null")
              : Failures.cause(error));
    } else if (over) {
      Body.discard(response.body());
    } else {
      try {
        judge(known, response);
      } catch (IOException | RuntimeException e) {
        Body.discard(response.body());
        settle(onDisk(e));
      }
    }
  }

  // --- the answer ---

  private void judge(@Nullable ResumeRecord known, Response response) throws IOException {
    int status = response.status().code();
    if (known != null && status == 206) {
      if (Continuation.fits(known, response.headers())) {
        move(response, known.total() - known.kept(), true);
      } else {
        startAnew(response);
      }
    } else if (known != null && status == 416) {
      if (Continuation.isWhole(known, response.headers())) {
        Body.discard(response.body());
        publish(true); // all was there; only its move was missing
      } else {
        startAnew(response);
      }
    } else if (status == 206) {
      throw new DownloadException(
          DownloadException.Reason.RANGE,
          call() + " was answered with a part (206), though the whole was asked for");
    } else if (status >= 200 && status < 300) {
      long length = Continuation.length(response);
      part().begin(Validator.of(response.headers()), length);
      move(response, length, false);
    } else {
      readProblem(response);
    }
  }

  /** What is here is a part of something else, or nobody can tell. */
  private void startAnew(Response response) throws IOException {
    Body.discard(response.body());
    if (startedAnew) {
      throw new DownloadException(
          DownloadException.Reason.RANGE,
          call() + " was answered with a range that fits nothing: " + response.status());
    }
    startedAnew = true;
    part().begin(null, -1);
    ask(null);
  }

  // --- the content ---

  private void move(Response response, long expected, boolean resumed) throws IOException {
    if (response.body() instanceof Body.Source source) {
      long there = part().size();
      AtHome.open(
          source,
          reader -> disk.execute(() -> move(reader, there, expected, resumed)),
          failure -> disk.execute(() -> settle(failure)));
    } else if (response.body() instanceof Body.Whole whole) {
      part().append(whole.bytes());
      publish(resumed);
    } else {
      throw new IllegalStateException(
          "an answer with this body cannot be downloaded: " + response.body().getClass().getName());
    }
  }

  private void move(BodyReader reader, long there, long expected, boolean resumed) {
    Loop loop = reader.loop();
    if (over) {
      loop.execute(reader::cancel);
      return;
    }
    Transfer begun = new Transfer(reader, disk, expected, new ToPart(resumed));
    transfer = begun;
    loop.execute(() -> begun.start(meter(there, expected, loop)));
  }

  private @Nullable ProgressMeter meter(long there, long expected, Loop loop) {
    Progress.Listener listener = options.listener();
    if (listener == null) {
      return null;
    }
    long total = expected < 0 ? -1 : there + expected;
    return new ProgressMeter(listener, options.perSecond(), there, total, loop::nanoTime);
  }

  private final class ToPart implements Transfer.Outcome {
    private final boolean resumed;

    ToPart(boolean resumed) {
      this.resumed = resumed;
    }

    @Override
    public void write(Bytes bytes) throws IOException {
      if (!over) {
        part().append(bytes);
      }
    }

    @Override
    public void done() {
      disk.execute(() -> publish(resumed));
    }

    @Override
    public void failed(Throwable failure) {
      disk.execute(() -> settle(onDisk(failure)));
    }
  }

  private void publish(boolean resumed) {
    if (over || result.isDone()) {
      abandon();
      return;
    }
    Downloaded whole;
    try {
      whole = part().publish(resumed);
    } catch (IOException | RuntimeException e) {
      settle(onDisk(e));
      return;
    }
    over = true;
    settled = true;
    result.complete(whole);
  }

  // --- the ends ---

  private void readProblem(Response response) {
    int status = response.status().code();
    boolean isGone = status == 404 || status == 410;
    ErrorAnswers.read(request, response)
        .whenComplete(
            (refused, error) ->
                disk.execute(() -> settle(refused == null ? error : refused, !isGone)));
  }

  /** What was asked, without what may be secret in it. */
  private String call() {
    return request.method()
        + " "
        + request.uri().withoutUserInfo().withoutQuery().withoutFragment();
  }

  private PartFile part() {
    if (part == null) {
      throw new IllegalStateException("the partial file is not open");
    }
    return part;
  }

  private Throwable onDisk(Throwable error) {
    return error instanceof IOException io
        ? new DownloadException(
            DownloadException.Reason.DISK,
            "the download to '" + target + "' could not be written: " + io,
            io)
        : error;
  }

  /** The future was completed by somebody else: cancelled, most often. */
  private void abandon() {
    CompletionStage<Response> asked = pending;
    Transfer begun = transfer;
    try {
      if (asked != null) {
        asked.toCompletableFuture().cancel(true);
      }
      if (begun != null) {
        begun.loop().execute(begun::cancel);
      }
    } finally {
      settle(new CancellationException("the download was given up"));
    }
  }

  private void settle(Throwable error) {
    boolean isSpoilt =
        error instanceof DownloadException known
            && known.reason() == DownloadException.Reason.CHECKSUM;
    settle(error, !isSpoilt);
  }

  private void settle(Throwable error, boolean mayBeContinued) {
    if (over) {
      return;
    }
    over = true;
    PartFile open = part;
    if (open != null) {
      try {
        if (mayBeContinued) {
          open.suspend();
        } else {
          open.discard();
        }
      } catch (IOException | RuntimeException e) {
        error.addSuppressed(e);
      }
    }
    settled = true;
    result.completeExceptionally(error);
  }
}
