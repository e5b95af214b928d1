package dev.runnel.testing;

import dev.runnel.engine.internal.exchange.ConnectionContext;
import dev.runnel.engine.internal.exchange.DeadlineSweep.Deadline;
import dev.runnel.engine.internal.link.LoopScratch;
import dev.runnel.engine.internal.link.Machine;
import dev.runnel.engine.internal.link.SocketLink;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.channels.FileChannel;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A connection without a transport: what the machine writes is there to be taken. */
public final class FakeLink implements SocketLink {
  private final ConnectionContext context;
  private final LoopScratch scratch = new LoopScratch(64 << 10);
  private final List<ByteBuf> given = new ArrayList<>();
  private final Deadline deadline = new Deadline(() -> machine().timedOut());
  private Machine machine;
  private ByteBuf out = Unpooled.buffer();
  private long taken;
  private boolean writable = true;
  private boolean unsent;
  private boolean reading;
  private boolean outputEnded;
  private boolean closed;

  public FakeLink(ConnectionContext context) {
    this.context = context;
  }

  /** What is driven. */
  public void drive(Machine driven) {
    machine = driven;
  }

  private Machine machine() {
    return machine;
  }

  // --- the other end ---

  /** Bytes come. */
  public void receive(byte[] bytes) {
    if (!closed) {
      ByteBuf in = Unpooled.buffer(Math.max(1, bytes.length)).writeBytes(bytes);
      given.add(in);
      context.context().beginRead();
      machine.received(in);
      context.context().endRead();
    }
  }

  /** What was written since this was last asked. */
  public byte[] take() {
    byte[] bytes = new byte[out.readableBytes()];
    out.readBytes(bytes);
    taken += bytes.length;
    out.clear();
    return bytes;
  }

  /** Whether the peer takes bytes. */
  public void writable(boolean on) {
    writable = on;
    if (on && !closed) {
      machine.writable();
    }
  }

  /** Whether something waits until the peer takes it. */
  public void unsent(boolean on) {
    unsent = on;
  }

  /** The peer closes its half. */
  public void end() {
    if (!closed) {
      machine.inputEnded();
    }
  }

  /** The connection breaks. */
  public void lose() {
    if (!closed) {
      closed = true;
      machine.closed();
      context.context().deadlines().remove(deadline);
    }
  }

  /** Whether our half, or all, was closed by the machine. */
  public boolean isOutputEnded() {
    return outputEnded || closed;
  }

  public boolean isClosed() {
    return closed;
  }

  public boolean isReading() {
    return reading;
  }

  /** How many of the buffers that were received were not given back. */
  public long heldBuffers() {
    return given.stream().filter(in -> in.refCnt() > 0).count();
  }

  // --- what the machine does ---

  @Override
  public ConnectionContext connection() {
    return context;
  }

  @Override
  public LoopScratch scratch() {
    return scratch;
  }

  @Override
  public ByteBuf out() {
    return outputEnded || closed ? Unpooled.buffer() : out;
  }

  @Override
  public void wrote() {
    // it stands in the buffer
  }

  @Override
  public long sent() {
    return taken;
  }

  @Override
  public boolean hasUnsent() {
    return unsent;
  }

  @Override
  public boolean isInputWhole() {
    return true;
  }

  @Override
  public boolean writable() {
    return writable;
  }

  @Override
  public boolean takesFiles() {
    return false;
  }

  @Override
  public void file(FileChannel file, long position, int count, boolean last) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void reading(boolean on) {
    reading = on;
  }

  @Override
  public void deadline(Duration after) {
    if (after.isZero()) {
      noDeadline();
    } else {
      context.context().deadlines().arm(deadline, after.toNanos());
    }
  }

  @Override
  public void noDeadline() {
    context.context().deadlines().disarm(deadline);
  }

  @Override
  public void idle(boolean idle) {
    // nobody counts places
  }

  @Override
  public void shutdownOutput() {
    outputEnded = true;
  }

  @Override
  public void linger() {
    outputEnded = true;
  }

  @Override
  public void closeAfterFlush() {
    outputEnded = true;
    context.loop().execute(this::lose);
  }

  @Override
  public void closeNow() {
    out.clear();
    closeAfterFlush();
  }

  @Override
  public void reset() {
    closeNow();
  }
}
