package dev.runnel.memory;

import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One end of a connection, with the manners of a socket. Of the loop. */
public final class WireEnd {
  private final Wire wire;
  private final Lane out;
  private final Lane in;
  private Runnable readable = WireEnd::nobody;
  private Runnable writable = WireEnd::nobody;
  private Loop.@Nullable Timer reset; // on its way to us
  private boolean closed;
  private boolean broken;

  WireEnd(Wire wire, Lane out, Lane in) {
    this.wire = wire;
    this.out = out;
    this.in = in;
  }

  private static void nobody() {
    // listens
  }

  /** The connection. */
  public Wire wire() {
    return wire;
  }

  /**
   * Says who is told, in turns of their own: that bytes, the end or a reset can be read, and that
   * room came after a write that was cut short.
   */
  public void listen(Runnable whenReadable, Runnable whenWritable) {
    this.readable = whenReadable;
    this.writable = whenWritable;
    if (hasInput()) {
      wire.carrier().next(whenReadable);
    }
  }

  /**
   * Sends as many of these bytes as there is room for, and says how many. Room for the rest is told
   * of.
   */
  public int write(Bytes bytes) {
    return closed || broken ? bytes.length() : out.offer(bytes);
  }

  /** Sends the end (FIN); what comes can still be read. */
  public void finish() {
    if (!closed && !broken) {
      out.finish();
    }
  }

  /** Bytes that arrived, or null. */
  public @Nullable Bytes read() {
    return in.take();
  }

  /** Whether there is something to {@link #read()}, or the end or a reset to be seen. */
  public boolean hasInput() {
    return in.hasInput() || broken;
  }

  /** Whether all that the other end sent was read, and its end seen. */
  public boolean ended() {
    return in.ended();
  }

  /** Whether the connection was reset by the other end or the network, and all else read. */
  public boolean wasReset() {
    return broken && !in.hasUnread();
  }

  /**
   * Whether the connection was reset by the other end or the network, whatever is still to be read:
   * what is written goes nowhere.
   */
  public boolean isBroken() {
    return broken;
  }

  /** Whether the other end has read everything that was sent. */
  public boolean isFlushed() {
    return out.isEmpty();
  }

  /**
   * Closes: the end is sent, and what still comes is answered with a reset, as a kernel does. What
   * arrived and was not read makes it a reset at once.
   */
  public void close() {
    if (closed) {
      return;
    }
    if (in.hasUnread()) {
      reset();
      return;
    }
    leave();
    if (!broken) {
      out.finish();
      in.refuse();
    }
    if (other().closed) { // nobody is left to see what is on its way
      out.cut();
      in.cut();
    }
  }

  private void leave() {
    closed = true;
    if (reset != null) {
      reset.cancel();
      reset = null;
    }
  }

  /**
   * Breaks the connection (RST): what is on its way either way is lost. The other end hears of it
   * when a byte would arrive that is sent now.
   */
  public void reset() {
    if (!closed && !broken) {
      out.cut();
      in.cut();
      wire.carrier().note(wire.number(), out.isToServer(), Trace.Kind.RESET, Bytes.EMPTY);
      other().hearReset();
    }
    leave();
  }

  private void hearReset() {
    Duration late = in.delay();
    if (late.isZero()) {
      breakOff();
    } else if (!closed && reset == null) {
      reset = wire.carrier().loop().schedule(this::breakOff, late);
    }
  }

  private WireEnd other() {
    return this == wire.client() ? wire.server() : wire.client();
  }

  /** Somebody else reset it. */
  void breakOff() {
    reset = null;
    out.cut();
    if (!broken && !closed) {
      broken = true;
      wire.carrier().note(wire.number(), !out.isToServer(), Trace.Kind.RESET, Bytes.EMPTY);
      wire.carrier().next(readable);
      wire.carrier().next(writable);
    }
    broken = true;
  }

  /** It sent to an end that is closed. */
  void answeredByReset() {
    if (!closed && !broken) {
      in.cut();
      hearReset();
    }
  }

  void becameReadable() {
    readable.run();
  }

  void becameWritable() {
    writable.run();
  }
}
