package dev.runnel.engine.internal.netty;

import dev.runnel.engine.CancelCause;
import dev.runnel.engine.internal.link.Machine;
import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientException.Reason;
import io.netty.buffer.ByteBuf;

/**
 * Holds the place of the protocol while a connection is not ready for it: between two steps of its
 * dial it waits; a step that listens to the peer is a phase of its own. Time is kept by the dial.
 */
class DialPhase implements Machine {
  final Dial dial;
  final NettyLink link;

  DialPhase(Dial dial, NettyLink link) {
    this.dial = dial;
    this.link = link;
  }

  /** What it is that does not come about, when the connection is gone. */
  ClientException lost() {
    return new ClientException(
        Reason.CONNECT, dial.name() + " closed the connection as soon as it was there", true, null);
  }

  @Override
  public void opened() {
    // nothing is expected
  }

  @Override
  public void received(ByteBuf in) {
    in.release();
    dial.fail(
        new ClientException(
            Reason.CONNECT, dial.name() + " sent bytes before TLS began", true, null));
  }

  @Override
  public void inputEnded() {
    dial.fail(lost());
  }

  @Override
  public void writable() {
    // what is said here is short
  }

  @Override
  public void timedOut() {
    // the dial has a deadline of its own, through all its steps
  }

  @Override
  public void drain() {
    cancel(CancelCause.SERVER_STOPPING);
  }

  @Override
  public void closeIfIdle() {
    cancel(CancelCause.SERVER_STOPPING);
  }

  @Override
  public void cancel(CancelCause cause) {
    dial.fail(lost());
  }

  @Override
  public void closed() {
    dial.fail(lost());
  }
}
