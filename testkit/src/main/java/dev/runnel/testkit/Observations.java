package dev.runnel.testkit;

import dev.runnel.engine.CancelCause;
import dev.runnel.engine.Outcome;
import dev.runnel.engine.ServerObserver;
import dev.runnel.http.Request;
import dev.runnel.http.Status;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Remembers what happened on the server. Safe from any thread. */
final class Observations implements ServerObserver {
  private final LongSupplier clock;
  private final long begun;
  private final List<Call> calls = new ArrayList<>();
  private final IdentityHashMap<Request, Call> running = new IdentityHashMap<>();
  private final List<String> rejections = new ArrayList<>();

  private static final class Call {
    final String method;
    final String path;
    final long at;
    int status;
    long nanos = -1;
    @Nullable CancelCause cancelled;
    @Nullable Throwable error;

    Call(Request request, long at) {
      this.method = request.method().name();
      this.path = request.rawPath();
      this.at = at;
    }
  }

  Observations(LongSupplier clock) {
    this.clock = clock;
    this.begun = clock.getAsLong();
  }

  @Override
  public synchronized void requestStarted(Request request) {
    Call call = new Call(request, clock.getAsLong() - begun);
    calls.add(call);
    running.put(request, call);
  }

  @Override
  public synchronized void responseStarted(Request request, Status status) {
    Call call = running.get(request);
    if (call != null) {
      call.status = status.code();
    }
  }

  @Override
  public synchronized void requestEnded(Request request, Outcome outcome) {
    Call call = running.remove(request);
    if (call != null) {
      call.status = outcome.status();
      call.nanos = outcome.nanos();
      call.cancelled = outcome.cancelled();
      call.error = outcome.error();
    }
  }

  @Override
  public synchronized void requestRejected(SocketAddress remote, Status status, String reason) {
    rejections.add(status + ": " + reason);
  }

  /** All calls, in the order in which they began. */
  synchronized List<ObservedCall> calls() {
    return calls.stream()
        .map(
            call ->
                new ObservedCall(
                    call.method,
                    call.path,
                    call.status,
                    Duration.ofNanos(call.at),
                    call.nanos < 0 ? null : Duration.ofNanos(call.nanos),
                    call.cancelled,
                    call.error))
        .toList();
  }

  /** What was no request. */
  synchronized List<String> rejections() {
    return List.copyOf(rejections);
  }
}
