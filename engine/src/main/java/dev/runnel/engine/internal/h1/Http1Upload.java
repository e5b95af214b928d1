package dev.runnel.engine.internal.h1;

import dev.runnel.engine.internal.link.SocketLink;
import dev.runnel.http.BodyWriter;
import dev.runnel.http.Headers;
import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import dev.runnel.transport.ClientException.Reason;
import io.netty.buffer.ByteBuf;
import org.jspecify.annotations.Nullable;

/** The body of a request on its way: framed by its length, or in chunks. */
final class Http1Upload implements BodyWriter {
  private enum State {
    /** No body was announced. */
    NONE,
    OPEN,
    ENDED,
    /** The rest will not be sent: what is still written is dropped. */
    ABANDONED
  }

  private final Http1ClientCall call;
  private final Http1Client connection;
  private final SocketLink link;
  private final long length;
  private State state;
  private long written;
  private @Nullable Runnable waker;

  /**
   * @param length bytes of the body, or -1 for chunks
   */
  Http1Upload(Http1ClientCall call, Http1Client connection, SocketLink link, long length) {
    this.call = call;
    this.connection = connection;
    this.link = link;
    this.length = length;
    this.state = length == 0 ? State.NONE : State.OPEN;
  }

  /** Whether no byte of the request follows. */
  boolean isThrough() {
    return state != State.OPEN;
  }

  boolean isAbandoned() {
    return state == State.ABANDONED;
  }

  /** Drops what is still to come; says whether there was anything. */
  boolean abandon() {
    if (state != State.OPEN) {
      return false;
    }
    state = State.ABANDONED;
    return true;
  }

  private boolean isDropped() {
    return state == State.ABANDONED || (state == State.OPEN && call.isOver());
  }

  @Override
  public boolean write(Bytes bytes) {
    connection.requireLoop();
    if (isDropped()) {
      return false;
    }
    if (state != State.OPEN) {
      throw new IllegalStateException(
          state == State.NONE
              ? "no body was announced: bodyLength of the head must not be 0"
              : "the body has ended: no more bytes can follow");
    }
    if (length >= 0 && written + bytes.length() > length) {
      throw new IllegalStateException(
          "the body is longer than its Content-Length of " + length + " bytes");
    }
    if (!bytes.isEmpty()) { // an empty chunk would be the end
      written += bytes.length();
      data(bytes);
    }
    return link.writable();
  }

  private void data(Bytes bytes) {
    ByteBuf out = link.out();
    if (length < 0) {
      HeadEncoder.chunkStart(out, bytes.length());
    }
    out.writeBytes(Bytes.Unsafe.array(bytes), Bytes.Unsafe.offset(bytes), bytes.length());
    if (length < 0) {
      HeadEncoder.chunkEnd(out);
    }
    connection.wrote();
  }

  @Override
  public void commit() {
    // the head was written when the call began
  }

  @Override
  public void onWritable(Runnable once) {
    connection.requireLoop();
    if (state != State.OPEN || call.isOver() || link.writable()) {
      waker = null;
      loop().execute(() -> call.guard(once));
    } else {
      waker = once;
    }
  }

  /** There is room again, or nothing of the body is wanted any more. */
  void wake() {
    Runnable waiting = waker;
    waker = null;
    if (waiting != null) {
      call.guard(waiting);
    }
  }

  @Override
  public void end(Headers trailers) {
    connection.requireLoop();
    if (isDropped() || state == State.NONE) {
      return;
    }
    if (state == State.ENDED) {
      throw new IllegalStateException("the body has ended already");
    }
    if (written < length) {
      String what = "the body ended after " + written + " of its Content-Length of " + length;
      call.fail(call.error(Reason.REQUEST_BODY, what + " bytes"));
      throw new IllegalStateException(what + " bytes");
    }
    state = State.ENDED;
    if (length < 0) {
      HeadEncoder.lastChunk(link.out(), trailers);
      connection.wrote();
    }
    call.requestThrough();
  }

  @Override
  public Loop loop() {
    return connection.loop();
  }
}
