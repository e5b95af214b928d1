package dev.runnel.websocket;

import dev.runnel.engine.SendQueue;
import dev.runnel.io.Bytes;

/** A whole message on its way. */
final class Outgoing extends SendQueue.Message {
  private final Message message;
  private final Sent sent;
  private final Encoder encoder;

  Outgoing(Message message, Sent sent, Encoder encoder) {
    // An empty message is a frame as well; what is in the queue only stands for it until its turn.
    super(message.bytes().isEmpty() ? PLACEHOLDER : message.bytes());
    this.message = message;
    this.sent = sent;
    this.encoder = encoder;
  }

  private static final Bytes PLACEHOLDER = Bytes.utf8("-");

  @Override
  protected Bytes encode(Bytes pending) {
    return encoder.encode(message.isText(), message.bytes());
  }

  @Override
  protected void room() {
    sent.room();
  }

  @Override
  protected void failed(Throwable error) {
    sent.failed(error);
  }

  /** Makes the frame of a message. */
  @FunctionalInterface
  interface Encoder {
    Bytes encode(boolean isText, Bytes payload);
  }
}
