package dev.runnel.engine.internal.h1;

import dev.runnel.engine.CallCancelledException;
import dev.runnel.engine.CancelCause;
import dev.runnel.engine.internal.link.SocketLink;
import dev.runnel.http.BodyReader;
import dev.runnel.http.BodyWriter;
import dev.runnel.http.Headers;
import dev.runnel.http.RawConnection;
import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import io.netty.buffer.ByteBuf;
import java.net.SocketAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection that was taken over: bytes both ways, with back-pressure, until both halves are
 * closed.
 */
final class RawLink implements RawConnection {
  private static final Logger LOG = LoggerFactory.getLogger("runnel.call");
  private static final int PIECE = 64 << 10;

  private final Http1Connection connection;
  private final SocketLink link;
  private final Input input = new Input();
  private final Output output = new Output();
  private boolean closed;

  RawLink(Http1Connection connection, SocketLink link) {
    this.connection = connection;
    this.link = link;
  }

  void start(Consumer<RawConnection> taker) {
    guard(() -> taker.accept(this));
  }

  /** Bytes or the end came. */
  void ready() {
    Runnable waiting = input.waker;
    if (waiting != null && (input.hasBytes() || connection.hasInputEnded())) {
      input.waker = null;
      guard(waiting);
    }
    closeWhenBothEnded();
  }

  void writable() {
    Runnable waiting = output.waker;
    output.waker = null;
    if (waiting != null) {
      guard(waiting);
    }
  }

  /** The connection is gone: whoever waits finds that out by asking again. */
  void closed() {
    closed = true;
    Runnable reader = input.waker;
    input.waker = null;
    if (reader != null) {
      guard(reader);
    }
    writable();
  }

  private void guard(Runnable code) {
    try {
      code.run();
    } catch (CallCancelledException e) {
      close();
    } catch (Throwable e) {
      LOG.error("the taker of a connection failed, connection closed", e);
      close();
    }
  }

  private void closeWhenBothEnded() {
    if (output.ended && connection.hasInputEnded() && !closed) {
      close();
    }
  }

  @Override
  public BodyReader input() {
    return input;
  }

  @Override
  public BodyWriter output() {
    return output;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      link.closeAfterFlush();
    }
  }

  @Override
  public SocketAddress remoteAddress() {
    return link.connection().remote();
  }

  private Loop ownLoop() {
    return link.connection().loop();
  }

  private final class Input implements BodyReader {
    private @Nullable Runnable waker;

    boolean hasBytes() {
      ByteBuf in = connection.parked();
      return in != null && in.isReadable();
    }

    @Override
    public @Nullable Bytes poll() {
      ByteBuf in = connection.parked();
      if (in == null || !in.isReadable()) {
        if (closed && !connection.hasInputEnded()) {
          throw new CallCancelledException(CancelCause.CLIENT_GONE);
        }
        return null;
      }
      byte[] piece = new byte[Math.min(PIECE, in.readableBytes())];
      in.readBytes(piece);
      connection.adjustReading();
      return Bytes.Unsafe.wrap(piece);
    }

    @Override
    public boolean ended() {
      return !hasBytes() && connection.hasInputEnded();
    }

    @Override
    public void onReady(Runnable once) {
      if (hasBytes() || closed || connection.hasInputEnded()) {
        ownLoop().execute(() -> guard(once));
      } else {
        waker = once;
      }
    }

    @Override
    public Headers trailers() {
      return Headers.EMPTY;
    }

    @Override
    public long length() {
      return -1;
    }

    @Override
    public Loop loop() {
      return ownLoop();
    }
  }

  private final class Output implements BodyWriter {
    private @Nullable Runnable waker;
    private boolean ended;

    @Override
    public boolean write(Bytes bytes) {
      if (closed) {
        throw new CallCancelledException(CancelCause.CLIENT_GONE);
      }
      if (ended) {
        throw new IllegalStateException("our half of the connection is closed");
      }
      link.out().writeBytes(Bytes.Unsafe.array(bytes), Bytes.Unsafe.offset(bytes), bytes.length());
      link.wrote();
      return link.writable();
    }

    @Override
    public void onWritable(Runnable once) {
      if (closed || ended || link.writable()) {
        ownLoop().execute(() -> guard(once));
      } else {
        waker = once;
      }
    }

    @Override
    public void end(Headers trailers) {
      if (!ended && !closed) {
        ended = true;
        link.shutdownOutput();
        closeWhenBothEnded();
      }
    }

    @Override
    public Loop loop() {
      return ownLoop();
    }
  }
}
