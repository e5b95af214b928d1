package dev.runnel.engine.internal.h2;

import dev.runnel.http.BodyWriter;
import dev.runnel.http.Headers;
import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import dev.runnel.transport.CallEvents;
import dev.runnel.transport.CallHead;
import dev.runnel.transport.ClientCall;
import dev.runnel.transport.ClientException;
import org.jspecify.annotations.Nullable;

/** A call that is not sent: it waits for what the server says of itself, or was refused here. */
final class WaitingCall implements ClientCall {
  private final Http2Client client;
  private final CallHead head;
  private final CallEvents events;
  private @Nullable ClientCall begun;
  private boolean refused;

  WaitingCall(Http2Client client, CallHead head, CallEvents events) {
    this.client = client;
    this.head = head;
    this.events = events;
  }

  CallHead head() {
    return head;
  }

  void begin() {
    begun = client.start(head, events);
  }

  void refuse(ClientException why) {
    if (refused) {
      return;
    }
    refused = true;
    client.news(
        () -> {
          try {
            events.failed(why);
          } finally {
            events.ended();
          }
        });
  }

  @Override
  public Loop loop() {
    return client.loop();
  }

  @Override
  public BodyWriter output() {
    return begun != null ? begun.output() : new Nowhere(client.loop());
  }

  @Override
  public void abandonOutput() {
    if (begun != null) {
      begun.abandonOutput();
    }
  }

  @Override
  public void cancel(ClientException why) {
    if (begun != null) {
      begun.cancel(why);
    } else {
      client.forget(this);
      refuse(why);
    }
  }

  /** Nothing is to be sent here, and what is written is dropped. */
  private record Nowhere(Loop loop) implements BodyWriter {
    @Override
    public boolean write(Bytes bytes) {
      return true;
    }

    @Override
    public void commit() {
      // there is no head
    }

    @Override
    public void onWritable(Runnable once) {
      loop.execute(once);
    }

    @Override
    public void end(Headers trailers) {
      // nothing was begun
    }
  }
}
