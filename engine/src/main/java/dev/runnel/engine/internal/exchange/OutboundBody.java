package dev.runnel.engine.internal.exchange;

import dev.runnel.http.BodyWriter;
import dev.runnel.http.Headers;
import dev.runnel.http.ResponseHead;
import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/**
 * The writing end of a streamed answer. Holds the head back until the first byte, the end or the
 * end of the loop's turn, so that a failure before them can still become an error answer.
 */
public final class OutboundBody implements BodyWriter {
  private final ServerExchange call;
  private final Wire wire;
  private boolean noBody;
  private final long length;
  private @Nullable ResponseHead head;
  private @Nullable Runnable waker;
  private long written;
  private boolean ended;

  OutboundBody(ServerExchange call, Wire wire, ResponseHead head, long length, boolean noBody) {
    this.call = call;
    this.wire = wire;
    this.head = head;
    this.length = length;
    this.noBody = noBody;
  }

  @Override
  public void commit() {
    call.checkLive();
    commitIfPending();
  }

  /** Sends the head now, if it was not sent and the answer still stands. */
  void commitIfPending() {
    ResponseHead pending = head;
    if (pending != null && !call.isOver() && !ended) {
      head = null;
      ResponseHead sent = call.committing(pending);
      noBody |= sent.status().forbidsBody(); // an edit may have made it 304
      wire.head(sent, length, noBody);
    }
  }

  boolean isCommitted() {
    return head == null;
  }

  /** The answer was withdrawn for another one; this writer is over. */
  void retract() {
    head = null;
    ended = true;
  }

  @Override
  public boolean write(Bytes bytes) {
    call.checkLive();
    if (ended) {
      throw new IllegalStateException("the body has ended: no more bytes can follow");
    }
    if (bytes.isEmpty()) {
      return wire.writable();
    }
    if (length >= 0 && written + bytes.length() > length) {
      throw new IllegalStateException(
          "the body is longer than its Content-Length of " + length + " bytes");
    }
    written += bytes.length();
    commitIfPending();
    if (noBody) {
      return true;
    }
    call.sent(bytes.length());
    wire.data(bytes);
    return wire.writable();
  }

  /**
   * Whether no byte of the body is sent: HEAD, 204, 304. Known for sure once the head is committed.
   */
  boolean isWithheld() {
    return noBody;
  }

  /** Bytes of a file; {@code last} gives the file away, to be closed once they are sent. */
  boolean writeFile(FileChannel file, long position, int count, boolean last) {
    call.checkLive();
    written += count;
    commitIfPending();
    if (noBody) {
      return true;
    }
    call.sent(count);
    wire.file(file, position, count, last);
    return wire.writable();
  }

  @Override
  public void onWritable(Runnable once) {
    call.checkLoop();
    if (call.isOver() || ended || wire.writable()) {
      waker = null;
      call.loop().execute(() -> call.guard(once));
    } else {
      waker = once;
    }
  }

  /**
   * Called by the wire, outside of any write, when few bytes are left unsent; and when the call is
   * over.
   */
  void writable() {
    Runnable waiting = waker;
    if (waiting != null) {
      waker = null;
      call.guard(waiting);
    }
  }

  @Override
  public void end(Headers trailers) {
    call.checkLive();
    if (ended) {
      throw new IllegalStateException("the body has ended already");
    }
    if (!noBody && length >= 0 && written < length) {
      IllegalStateException tooShort =
          new IllegalStateException(
              "the body ended after " + written + " of its Content-Length of " + length + " bytes");
      call.fail(tooShort);
      throw tooShort;
    }
    commitIfPending();
    ended = true;
    wire.end(trailers);
    call.answered();
  }

  @Override
  public Loop loop() {
    return call.loop();
  }
}
