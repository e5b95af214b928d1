package dev.runnel.websocket;

import dev.runnel.engine.LoopLife;
import dev.runnel.io.Bytes;
import dev.runnel.testing.VirtualLoop;
import dev.runnel.testing.websocket.ScriptedConnection;
import dev.runnel.testing.websocket.WsFrame;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An end of a session under virtual time, whose other end is a script. */
final class ClientEnd {
  final VirtualLoop loop = new VirtualLoop();
  final ScriptedConnection peer = new ScriptedConnection(loop);
  final List<CloseReason> closed = new ArrayList<>();
  final List<Message> received = new ArrayList<>();
  final LoopLife life;
  final FrameLink link;
  boolean over;

  ClientEnd() {
    this(Role.CLIENT, FrameOptions.DEFAULT, null);
  }

  ClientEnd(FrameOptions options) {
    this(Role.CLIENT, options, null);
  }

  ClientEnd(Role role, FrameOptions options, @Nullable PayloadCodec codec) {
    life = new LoopLife(loop, () -> over = true);
    link = new FrameLink(role, life, peer, options, codec, closed::add);
    link.start();
  }

  /** From now on takes what comes. */
  ClientEnd taking() {
    for (Message next = link.poll(); next != null; next = link.poll()) {
      received.add(next);
    }
    if (!link.isEnded()) {
      link.onReady(this::taking);
    }
    return this;
  }

  ClientEnd says(WsFrame... frames) {
    peer.says(frames);
    loop.run();
    return this;
  }

  ClientEnd says(byte[] bytes) {
    peer.says(bytes);
    loop.run();
    return this;
  }

  List<String> texts() {
    return received.stream().map(Message::text).toList();
  }

  /** What a Close frame that was sent says. */
  static CloseReason reason(WsFrame close) {
    if (close.opcode() != Frames.CLOSE) {
      throw new AssertionError("not a Close but " + close);
    }
    byte[] payload = close.payload();
    return CloseReason.parse(payload, payload.length);
  }

  /** The code of the Close, which is the only frame that was sent since somebody asked. */
  int closeCode() {
    return reason(peer.heardOne()).code();
  }

  /** Sends a message through the queue, and counts in the result's first place when it went. */
  int[] send(Message message) {
    int[] sent = new int[2];
    link.queue()
        .send(
            link.message(
                message,
                new Sent() {
                  @Override
                  public void room() {
                    sent[0]++;
                  }

                  @Override
                  public void failed(Throwable error) {
                    sent[1]++;
                  }
                }));
    return sent;
  }

  static Bytes bytes(int length) {
    return Bytes.copyOf(new byte[length]);
  }
}
