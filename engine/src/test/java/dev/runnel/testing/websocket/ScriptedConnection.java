package dev.runnel.testing.websocket;

import dev.runnel.http.BodyReader;
import dev.runnel.http.BodyWriter;
import dev.runnel.http.Headers;
import dev.runnel.http.RawConnection;
import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A connection that was taken over, whose other end says what the test says. On its loop. */
public final class ScriptedConnection implements RawConnection {
  private final Loop loop;
  private final ArrayDeque<Bytes> coming = new ArrayDeque<>();
  private final ByteArrayOutputStream written = new ByteArrayOutputStream();
  private final Input input = new Input();
  private final Output output = new Output();
  private @Nullable RuntimeException failure;
  private @Nullable RuntimeException writeFailure;
  private boolean inputEnds;
  private boolean outputEnded;
  private boolean closed;
  private boolean reset;
  private boolean room = true;
  private int polls;

  public ScriptedConnection(Loop loop) {
    this.loop = loop;
  }

  /** The peer sends frames as a server does, in one piece. */
  public ScriptedConnection says(WsFrame... frames) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (WsFrame frame : frames) {
      all.writeBytes(frame.unmasked().encode());
    }
    return says(all.toByteArray());
  }

  /** The peer sends these bytes. */
  public ScriptedConnection says(byte[] bytes) {
    if (bytes.length > 0) {
      coming.add(Bytes.copyOf(bytes));
      input.wake();
    }
    return this;
  }

  /** The peer closes its half. */
  public ScriptedConnection ends() {
    inputEnds = true;
    input.wake();
    return this;
  }

  /** The connection breaks: reading and writing throw this. */
  public ScriptedConnection breaks(RuntimeException with) {
    failure = with;
    input.wake();
    return this;
  }

  /** Writing throws this, while reading knows nothing, yet. */
  public ScriptedConnection breaksWriting(RuntimeException with) {
    writeFailure = with;
    return this;
  }

  /** The peer takes no more, or takes again. */
  public ScriptedConnection room(boolean yes) {
    room = yes;
    Runnable waiting = output.waker;
    if (yes && waiting != null) {
      output.waker = null;
      waiting.run();
    }
    return this;
  }

  /** All that was written, as it stands on the wire. */
  public byte[] written() {
    return written.toByteArray();
  }

  /** The frames that a client wrote since this was asked last. */
  public List<ClientFrame> heard() {
    List<ClientFrame> frames = ClientFrame.parse(written.toByteArray());
    written.reset();
    return frames;
  }

  /** The only frame that a client wrote since this was asked last. */
  public WsFrame heardOne() {
    List<ClientFrame> frames = heard();
    if (frames.size() != 1) {
      throw new AssertionError("not one frame, but " + frames);
    }
    return frames.get(0).frame();
  }

  /** How often somebody asked for bytes. */
  public int polls() {
    return polls;
  }

  public boolean isOutputEnded() {
    return outputEnded;
  }

  public boolean isClosed() {
    return closed;
  }

  public boolean isReset() {
    return reset;
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
    closed = true;
  }

  @Override
  public void reset() {
    reset = true;
  }

  @Override
  public SocketAddress remoteAddress() {
    return InetSocketAddress.createUnresolved("server", 80);
  }

  private static void throwIfAny(@Nullable RuntimeException failure) {
    if (failure != null) {
      throw failure;
    }
  }

  private final class Input implements BodyReader {
    private @Nullable Runnable waker;

    void wake() {
      Runnable waiting = waker;
      waker = null;
      if (waiting != null) {
        waiting.run();
      }
    }

    @Override
    public @Nullable Bytes poll() {
      polls++;
      throwIfAny(failure);
      return coming.poll();
    }

    @Override
    public boolean ended() {
      return inputEnds && coming.isEmpty();
    }

    @Override
    public void onReady(Runnable once) {
      waker = once;
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
      return loop;
    }
  }

  private final class Output implements BodyWriter {
    private @Nullable Runnable waker;

    @Override
    public boolean write(Bytes bytes) {
      throwIfAny(failure);
      throwIfAny(writeFailure);
      if (outputEnded || closed) {
        throw new IllegalStateException("written behind the end");
      }
      written.writeBytes(bytes.toByteArray());
      return room;
    }

    @Override
    public void commit() {}

    @Override
    public void onWritable(Runnable once) {
      waker = once;
    }

    @Override
    public void end(Headers trailers) {
      outputEnded = true;
    }

    @Override
    public Loop loop() {
      return loop;
    }
  }
}
