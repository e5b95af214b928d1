package dev.runnel.engine.internal.netty;

import dev.runnel.engine.CancelCause;
import dev.runnel.engine.internal.h2.Http2Connection;
import dev.runnel.engine.internal.link.Machine;
import dev.runnel.engine.internal.link.Parking;
import io.netty.buffer.ByteBuf;
import java.util.function.Supplier;

/**
 * Waits for as many bytes of a new connection as tell its version: a client that knows that we
 * speak HTTP/2 begins with the preface (RFC 9113 3.3). Once its first line is there it is HTTP/2,
 * and whatever is wrong behind it is answered as that.
 */
final class Sniffing implements Machine {
  private static final int FIRST_LINE = "PRI * HTTP/2.0\r\n".length();

  private final NettyLink link;
  private final Supplier<Machine> http1;
  private final Supplier<Machine> http2;
  private final Parking parked = new Parking();

  Sniffing(NettyLink link, Supplier<Machine> http1, Supplier<Machine> http2) {
    this.link = link;
    this.http1 = http1;
    this.http2 = http2;
  }

  @Override
  public void opened() {
    link.deadline(link.connection().endpoint().timeouts().requestHead());
    link.reading(true);
  }

  @Override
  public void received(ByteBuf in) {
    parked.add(in);
    ByteBuf all = parked.bytes();
    if (all == null) {
      return;
    }
    int there = Math.min(all.readableBytes(), FIRST_LINE);
    for (int i = 0; i < there; i++) {
      if (all.getByte(all.readerIndex() + i) != Http2Connection.PREFACE[i]) {
        become(http1.get());
        return;
      }
    }
    if (there == FIRST_LINE) {
      become(http2.get());
    }
  }

  private Machine become(Machine machine) {
    link.become(machine);
    ByteBuf received = parked.take();
    if (received != null) {
      machine.received(received);
    }
    return machine;
  }

  @Override
  public void inputEnded() {
    become(http1.get()).inputEnded();
  }

  @Override
  public void writable() {
    // nothing was written
  }

  @Override
  public void timedOut() {
    become(http1.get()).timedOut(); // which knows what to say to half a request, or to none
  }

  @Override
  public void drain() {
    // the machine is told when it begins, and until then nothing is to be ended
  }

  @Override
  public void closeIfIdle() {
    if (parked.size() == 0) {
      link.closeAfterFlush();
    }
  }

  @Override
  public void cancel(CancelCause cause) {
    link.closeNow();
  }

  @Override
  public void closed() {
    parked.clear();
  }
}
