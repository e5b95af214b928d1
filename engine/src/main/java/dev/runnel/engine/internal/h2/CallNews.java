package dev.runnel.engine.internal.h2;

import dev.runnel.engine.CancelCause;
import dev.runnel.engine.internal.exchange.RawCall;
import dev.runnel.http.ResponseHead;
import dev.runnel.transport.CallEvents;
import dev.runnel.transport.ClientException;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * What a call has to be told. Gathered while frames are gone through, and told behind that, when
 * whoever hears it may do what he likes to the connection; in the order of a call's life, whatever
 * the order in which it came to be known.
 */
final class CallNews implements Runnable {
  private final Http2Client client;
  private final ClientStream stream;
  private @Nullable CallEvents events;
  private @Nullable ArrayDeque<ResponseHead> informational;
  private @Nullable ArrayDeque<ClientStream> promises;
  private @Nullable ResponseHead head;
  private @Nullable AnswerBody body;
  private @Nullable RawCall raw;
  private @Nullable ClientException failure;
  private @Nullable CancelCause rawEnd;
  private boolean answered;
  private boolean writable;
  private boolean over;
  private boolean overTold;
  private boolean queued;

  /**
   * @param events who is told; null until somebody takes a promise
   */
  CallNews(Http2Client client, ClientStream stream, @Nullable CallEvents events) {
    this.client = client;
    this.stream = stream;
    this.events = events;
  }

  private void changed() {
    if (!queued && events != null) {
      queued = true;
      client.news(this);
    }
  }

  /** A promise is taken. */
  private void takenBy(CallEvents taker) {
    events = taker;
    changed();
  }

  void informational(ResponseHead came) {
    if (informational == null) {
      informational = new ArrayDeque<>(2);
    }
    informational.add(came);
    changed();
  }

  void promised(ClientStream made) {
    if (promises == null) {
      promises = new ArrayDeque<>(2);
    }
    promises.add(made);
    changed();
  }

  void head(ResponseHead came, AnswerBody content) {
    head = came;
    body = content;
    changed();
  }

  void upgraded(ResponseHead came, RawCall connection) {
    head = came;
    raw = connection;
    changed();
  }

  void failed(ClientException error) {
    if (failure == null) {
      failure = error;
    }
    changed();
  }

  /** Bytes, the end or a failure are there for who reads. */
  void readable() {
    if (raw != null || (body != null && body.isToWake())) {
      changed();
    }
  }

  void writable() {
    writable = true;
    changed();
  }

  void rawEnded(CancelCause cause) {
    rawEnd = cause;
    changed();
  }

  void over() {
    over = true;
    writable = true; // who waits for room learns that what it writes is dropped
    changed();
  }

  /** Tells it all. */
  @Override
  public void run() {
    queued = false;
    CallEvents told = events;
    if (told == null) {
      return;
    }
    stream.guard(() -> tell(told));
    if (over && !overTold) {
      changed(); // it failed on the way, and all behind that is still to be told
    }
  }

  private void tell(CallEvents told) {
    for (ResponseHead came = next(informational); came != null; came = next(informational)) {
      told.informational(came);
    }
    for (ClientStream made = next(promises); made != null; made = next(promises)) {
      offer(told, made);
    }
    if (!answered) {
      answer(told);
    }
    if (body != null) {
      body.wake();
    }
    if (raw != null) {
      tellRaw(raw);
    } else if (writable) {
      writable = false;
      stream.output().wake();
    }
    if (over && !overTold) {
      overTold = true;
      told.ended();
    }
  }

  private static <T> @Nullable T next(@Nullable ArrayDeque<T> waiting) {
    return waiting == null ? null : waiting.poll();
  }

  private void offer(CallEvents told, ClientStream made) {
    if (made.state() == StreamState.CLOSED && !made.hasReceivedEnd()) {
      return; // the server took it back
    }
    CallEvents taker = told.promised(made.head(), made);
    if (taker != null) {
      made.news().takenBy(taker);
    } else {
      made.refuse();
    }
  }

  private void answer(CallEvents told) {
    ResponseHead came = head;
    if (came != null) {
      answered = true;
      if (raw != null) {
        told.upgraded(came, raw);
      } else if (body != null) {
        told.head(came, body);
      }
    } else if (failure != null) {
      answered = true;
      told.failed(failure);
    }
  }

  private void tellRaw(RawCall connection) {
    connection.ready();
    if (writable) {
      writable = false;
      connection.writable();
    }
    CancelCause end = rawEnd;
    if (end != null) {
      rawEnd = null;
      connection.closed(end);
    }
  }
}
