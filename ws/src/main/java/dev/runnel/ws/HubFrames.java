package dev.runnel.ws;

import dev.runnel.engine.SendQueue;
import dev.runnel.hub.Format;
import dev.runnel.hub.Payload;
import dev.runnel.hub.Subscriber;
import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import dev.runnel.websocket.CloseReason;
import dev.runnel.websocket.FrameLink;
import dev.runnel.websocket.Frames;
import dev.runnel.websocket.Message;
import java.util.function.Supplier;

/**
 * Messages of a hub as frames, the same bytes for all sessions: uncompressed, because what was
 * compressed for one session may mean nothing to another.
 */
enum HubFrames implements Format<Object> {
  INSTANCE;

  @Override
  public Bytes encode(Object message, Supplier<Payload> payload) {
    Payload made = payload.get();
    return Frames.of(made.text() ? Message.utf8(made.bytes()) : Message.binary(made.bytes()));
  }

  /** A session as a hub sees it. */
  record Session(FrameLink link) implements Subscriber {
    @Override
    public Loop loop() {
      return link.loop();
    }

    @Override
    public SendQueue queue() {
      return link.queue();
    }

    @Override
    public Bytes own(Bytes shared) {
      return link.own(shared);
    }

    @Override
    public boolean takesManyAsOne() {
      return link.sharesFrames();
    }

    @Override
    public void tooSlow() {
      link.fail(new CloseReason(CloseReason.POLICY_VIOLATION, "too slow"));
    }
  }
}
