package dev.runnel.testing.http2;

import dev.runnel.testing.Peer;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntSupplier;
import java.util.function.Predicate;

/**
 * A client that asks over HTTP/2 what it is told in the text of HTTP/1.1, and tells in the same
 * text what came back: each request is a stream, requests in a row are concurrent streams, and the
 * answers stand in the order of the requests. So one test says what holds for both versions.
 *
 * <p>An upgrade is extended CONNECT (RFC 8441). An answer that the server gives up ends there, and
 * hides those behind it until {@link #awaitOver()}.
 */
public final class Http2Peer extends Peer {
  /** The connection below; its lock guards the session, as bytes may be taken by another thread. */
  private final Peer bytes;

  private final ClientSession session;
  private IntSupplier pieces = () -> Integer.MAX_VALUE;
  private boolean resets;
  private boolean flushing;
  private boolean left;

  /** Greets the server as one who knows that it speaks HTTP/2. */
  public Http2Peer(Peer bytes) {
    this(bytes, "http");
  }

  /**
   * Greets the server as one who knows that it speaks HTTP/2.
   *
   * @param scheme http or https
   */
  public Http2Peer(Peer bytes, String scheme) {
    this.bytes = bytes;
    session = new ClientSession(scheme);
    bytes.onReceived(this::take);
    take(); // what came before
  }

  /** From now on what goes out is cut into pieces of these sizes. */
  public Http2Peer cuttingWrites(IntSupplier sizes) {
    pieces = sizes;
    return this;
  }

  /** Vanishing from now on resets the open streams, and leaves the connection. */
  public Http2Peer vanishesByReset() {
    resets = true;
    return this;
  }

  private void take() {
    synchronized (bytes) {
      session.received(bytes.takeBytes());
      try {
        flush();
        leaveWithTheServer();
      } catch (UncheckedIOException e) {
        // The server is gone, which the end of what it sent will say.
      }
    }
  }

  /**
   * A server that has ended its half waits for ours, for as long as it lingers, so that what it
   * said last is not lost by a reset (RFC 9113 6.8). Clients close then, and so does this one.
   */
  private void leaveWithTheServer() {
    if (bytes.isEnded() && !left) {
      left = true;
      bytes.halfClose();
    }
  }

  /** Sending may bring an answer on the same stack, and with it more to send: that waits. */
  private void flush() {
    if (flushing || left) {
      return;
    }
    flushing = true;
    try {
      for (byte[] out = session.takeOutput(); out.length > 0; out = session.takeOutput()) {
        sendPieces(out);
      }
    } finally {
      flushing = false;
    }
  }

  private void sendPieces(byte[] out) {
    int until;
    for (int at = 0; at < out.length; at = until) {
      until = at + Math.min(pieces.getAsInt(), out.length - at);
      bytes.send(Arrays.copyOfRange(out, at, until));
    }
  }

  @Override
  public void send(byte[] text) {
    synchronized (bytes) {
      session.request(text);
      flush();
    }
  }

  @Override
  public String all() {
    synchronized (bytes) {
      return session.transcript().text();
    }
  }

  /** A message of a megabyte arrives in a hundred pieces, each of which is looked at. */
  @Override
  protected byte[] received(int from) {
    synchronized (bytes) {
      return session.transcript().from(from);
    }
  }

  @Override
  protected int count() {
    synchronized (bytes) {
      return session.transcript().size();
    }
  }

  /** From now on streams are opened however few the server allows. */
  public Http2Peer ignoringStreamLimit() {
    synchronized (bytes) {
      session.ignoreStreamLimit();
    }
    return this;
  }

  /** Whether the connection ended. */
  @Override
  public boolean isEnded() {
    return bytes.isEnded();
  }

  @Override
  public void await(Predicate<Peer> condition, String what) {
    try {
      bytes.await(
          below -> {
            session.check();
            return condition.test(this);
          },
          what);
    } catch (AssertionError e) {
      synchronized (bytes) {
        throw new AssertionError(e.getMessage() + soFar() + session.log(), e);
      }
    }
  }

  /** Waits until the settings of the server are known: before, 100 streams are opened at most. */
  public Http2Peer awaitSettings() {
    await(peer -> session.isGreeted(), "the settings of the server");
    return this;
  }

  /** Whether the next answer was given up by the server, or none is to come. */
  @Override
  public boolean isOver() {
    synchronized (bytes) {
      return session.transcript().isOver() || isEnded();
    }
  }

  /** Whether the next answer was given up by the server before its end. */
  public boolean isBroken() {
    synchronized (bytes) {
      return session.transcript().isBroken();
    }
  }

  /** Waits until the next answer was given up by the server, or none is to come. */
  @Override
  public String awaitOver() {
    await(Peer::isOver, "the answer to be over");
    String rest = takeRest();
    synchronized (bytes) {
      session.transcript().passBroken();
    }
    return rest;
  }

  /** Whether what comes is taken, and room given for more. */
  @Override
  public void reading(boolean on) {
    synchronized (bytes) {
      session.reading(on);
      flush();
    }
  }

  /** Ends our half of a tunnel; else that of the connection. */
  @Override
  public void halfClose() {
    boolean tunnel;
    synchronized (bytes) {
      tunnel = session.endTunnel();
      flush();
    }
    if (!tunnel) {
      bytes.halfClose();
    }
  }

  @Override
  public void vanish() {
    if (resets) {
      synchronized (bytes) {
        session.resetAll();
        flush();
      }
    } else {
      leave();
      bytes.vanish();
    }
  }

  /** Closes the connection; fails if the server broke the protocol meanwhile. */
  @Override
  public void close() {
    leave();
    bytes.close();
    synchronized (bytes) {
      session.check();
    }
  }

  /** What would be sent from here on, windows for what still comes above all, has no way out. */
  private void leave() {
    synchronized (bytes) {
      left = true;
    }
  }

  /** Resets the stream of a request, the first of which is 0: its answer is left out. */
  public void reset(int request) {
    synchronized (bytes) {
      session.reset(request);
      flush();
    }
  }

  /** Whatever was begun stays as it is: the next byte is the first of a request. */
  public void nextRequest() {
    synchronized (bytes) {
      session.nextRequest();
    }
  }

  /** The connection below. */
  public Peer connection() {
    return bytes;
  }

  /** Keeps the PINGs of the server without an answer, until told otherwise. */
  public void holdPings(boolean on) {
    synchronized (bytes) {
      session.holdPings(on);
      flush();
    }
  }

  /** Whether there is a PING that waits for its answer. */
  public boolean hasHeldPings() {
    synchronized (bytes) {
      return session.hasHeldPings();
    }
  }

  /** The RST_STREAM frames that came, in order. */
  public List<Frame> resets() {
    synchronized (bytes) {
      return session.resets();
    }
  }

  /** The GOAWAY frames that came, in order. */
  public List<Frame> goAways() {
    synchronized (bytes) {
      return session.goAways();
    }
  }

  /** How many streams are open at our side. */
  public int openStreams() {
    synchronized (bytes) {
      return session.openStreams();
    }
  }
}
