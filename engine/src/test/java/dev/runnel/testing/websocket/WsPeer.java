package dev.runnel.testing.websocket;

import dev.runnel.testing.Answer;
import dev.runnel.testing.Peer;
import dev.runnel.testing.TcpPeer;
import dev.runnel.testing.http2.ErrorCode;
import dev.runnel.testing.http2.Http2Peer;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A session from the client's side, over whatever a {@link Peer} speaks. Sends any frame, and any
 * bytes; takes only what a server may send. Pings are answered unless told otherwise. For the
 * thread of the test.
 */
public final class WsPeer implements AutoCloseable {
  private final Peer peer;
  private final Answer answer;
  private final List<WsFrame> pings = new ArrayList<>();
  private final List<WsFrame> pongs = new ArrayList<>();
  private Conversation conversation = new Conversation(null);
  private @Nullable DeflatePeer deflate;
  private IntSupplier pieces = () -> Integer.MAX_VALUE;
  private boolean answersPings = true;
  private boolean sentClose;

  WsPeer(Peer peer, Answer answer) {
    this.peer = peer;
    this.answer = answer;
  }

  /** Shakes hands as a good client without wishes does. */
  public static WsPeer open(Peer peer, String path) {
    return Handshake.to(path).open(peer);
  }

  /** What the server said to the handshake: status and head. */
  public Answer answer() {
    return answer;
  }

  /** The connection, or the stream, below. */
  public Peer peer() {
    return peer;
  }

  /** From now on messages may be compressed, by us and by the server; closed with this. */
  public WsPeer deflating(DeflatePeer with) {
    if (answer.header("Sec-WebSocket-Extensions") == null) {
      throw new AssertionError("the server agreed on no extension: " + answer.head());
    }
    deflate = with;
    conversation = new Conversation(with);
    return this;
  }

  /** From now on what goes out is cut into pieces of these sizes. */
  public WsPeer cuttingWrites(IntSupplier sizes) {
    pieces = sizes;
    return this;
  }

  /** From now on pings of the server are left without an answer. */
  public WsPeer withoutPongs() {
    answersPings = false;
    return this;
  }

  // --- sending ---

  /** Sends frames, in one piece. */
  public WsPeer send(WsFrame... frames) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (WsFrame frame : frames) {
      all.writeBytes(frame.encode());
      sentClose |= frame.opcode() == Opcode.CLOSE;
    }
    return send(all.toByteArray());
  }

  /** Sends bytes as they are. A server that is gone takes none, which the end will say. */
  public WsPeer send(byte[] bytes) {
    try {
      int until;
      for (int at = 0; at < bytes.length; at = until) {
        until = at + Math.min(pieces.getAsInt(), bytes.length - at);
        sendPiece(Arrays.copyOfRange(bytes, at, until));
      }
    } catch (UncheckedIOException e) {
      // as above
    }
    return this;
  }

  private void sendPiece(byte[] piece) {
    if (peer instanceof Http2Peer http2) {
      synchronized (http2.connection()) { // else it may end in between
        if (!http2.isOver()) {
          http2.send(piece);
        }
      }
    } else {
      peer.send(piece);
    }
  }

  /** Sends a text. */
  public WsPeer text(String text) {
    return send(WsFrame.text(text));
  }

  /** Sends a binary message. */
  public WsPeer binary(byte[] bytes) {
    return send(WsFrame.binary(bytes));
  }

  /** Sends a compressed message: of the frame only the payload changes, and RSV1. */
  public WsPeer sendCompressed(WsFrame frame) {
    DeflatePeer with = deflate;
    if (with == null) {
      throw new IllegalStateException("call deflating(…) first");
    }
    return send(frame.rsv(4).payload(with.compress(frame.payload())));
  }

  // --- receiving ---

  /** What the payload of a compressed message in one frame stands for, in the order they came. */
  public byte[] expand(WsFrame whole) {
    DeflatePeer with = deflate;
    if (with == null) {
      throw new IllegalStateException("call deflating(…) first");
    }
    return with.expand(whole.payload());
  }

  private void take() {
    conversation.add(peer.takeBytes());
  }

  /** Waits for the next frame, whatever it is. */
  public WsFrame frame() {
    peer.await(
        p -> {
          take();
          return conversation.peek() != null || peer.isOver();
        },
        "for a frame");
    take();
    if (conversation.peek() == null) {
      throw new AssertionError("waited in vain for a frame: the session is over");
    }
    return conversation.take();
  }

  /** Waits for the next message; what control frames came before it is known thereafter. */
  public WsMessage message() {
    while (true) {
      WsFrame frame = frame();
      if (frame.opcode() == Opcode.CLOSE) {
        throw new AssertionError("instead of a message: " + Conversation.closing(frame));
      }
      if (frame.isControl()) {
        note(frame);
      } else {
        WsMessage message = conversation.assemble(frame);
        if (message != null) {
          return message;
        }
      }
    }
  }

  /** Waits for a text. */
  public String text() {
    return message().text();
  }

  /** Waits for a pong that no message stands in front of, and gives its payload. */
  public String pong() {
    while (true) {
      WsFrame frame = frame();
      if (frame.opcode() == Opcode.PONG) {
        pongs.add(frame);
        return frame.content();
      }
      if (frame.opcode() != Opcode.PING) {
        throw new AssertionError("instead of a pong: " + frame);
      }
      note(frame);
    }
  }

  private void note(WsFrame control) {
    if (control.opcode() == Opcode.PING) {
      pings.add(control);
      if (answersPings) {
        send(WsFrame.of(Opcode.PONG, control.payload()));
      }
    } else {
      pongs.add(control);
    }
  }

  /** The pings that were taken so far. */
  public List<WsFrame> pings() {
    return List.copyOf(pings);
  }

  /** The pongs that were taken so far. */
  public List<WsFrame> pongs() {
    return List.copyOf(pongs);
  }

  /** Waits for the Close frame, with no message before it, and says nothing to it. */
  public WsClosing closing() {
    while (true) {
      WsFrame frame = frame();
      if (frame.opcode() == Opcode.CLOSE) {
        return Conversation.closing(frame);
      }
      if (!frame.isControl()) {
        throw new AssertionError("instead of a Close: " + frame);
      }
      note(frame);
    }
  }

  /** Waits for the end, in front of which nothing may stand. */
  public void expectEnd() {
    peer.await(
        p -> {
          take();
          return conversation.peek() != null || peer.isOver();
        },
        "for the end of the session");
    take();
    WsFrame frame = conversation.peek();
    if (frame != null) {
      throw new AssertionError("instead of the end: " + frame);
    }
    if (conversation.isCutOff()) {
      throw new AssertionError("the server ended in the middle of a frame");
    }
  }

  /** The same, and it must be an orderly one: what was sent before is sure to arrive. */
  public void expectOrderlyEnd() {
    expectEnd();
    if (peer instanceof Http2Peer http2) {
      boolean broken =
          http2.isBroken()
              || http2.resets().stream().anyMatch(rst -> rst.code() != ErrorCode.NO_ERROR);
      if (broken) {
        throw new AssertionError("the stream was reset instead of ended: " + http2.resets());
      }
    } else if (peer instanceof TcpPeer tcp && tcp.wasReset()) {
      throw new AssertionError("the connection was reset instead of ended");
    }
  }

  /**
   * Waits for one Close frame with this code, answers it if we have not sent one ourselves, and
   * waits for the end, in front of which nothing may stand.
   *
   * @param code {@link WsClosing#NO_CODE} if there should be none
   * @return the reason
   */
  public String expectClose(int code) {
    WsClosing closing = closing();
    if (closing.code() != code) {
      throw new AssertionError("closed with " + closing + " instead of " + code);
    }
    if (!sentClose) {
      send(code == WsClosing.NO_CODE ? WsFrame.close() : WsFrame.close(code));
    }
    expectOrderlyEnd();
    return closing.reason();
  }

  /** Closes as a client does that has nothing more to say, and expects the same code back. */
  public void close(int code) {
    send(WsFrame.close(code));
    String unused = expectClose(code);
  }

  /** Whether this holds at some time; what comes meanwhile is kept. */
  public void await(BooleanSupplier condition, String what) {
    peer.await(
        p -> {
          take();
          return condition.getAsBoolean();
        },
        what);
  }

  /** Frees what the client's end holds; the connection stays as it is. */
  public void forget() {
    if (deflate != null) {
      deflate.close();
    }
  }

  /** Leaves without a word. */
  @Override
  public void close() {
    forget();
    peer.close();
  }
}
