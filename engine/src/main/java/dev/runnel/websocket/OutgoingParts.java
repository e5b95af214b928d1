package dev.runnel.websocket;

import dev.runnel.engine.SendQueue;
import dev.runnel.io.Bytes;

/**
 * A message that is sent in parts, each a frame. It is put into the queue of its session; when it
 * is told that there is room, its turn has come, and it keeps it until its {@link #end()}.
 */
public final class OutgoingParts extends SendQueue.Message {
  private final Framing framing;
  private final Sent sent;
  private int opcode;

  OutgoingParts(Framing framing, boolean isText, Sent sent) {
    super(Bytes.EMPTY);
    this.framing = framing;
    this.sent = sent;
    this.opcode = Frames.opcode(isText);
  }

  /**
   * Sends the next part and says whether another may follow at once; if not, {@link Sent#room()} is
   * told when it may.
   *
   * @throws IllegalStateException if it is not its turn, or the session is closed
   */
  public boolean part(Bytes bytes) {
    int first = opcode;
    opcode = Frames.CONTINUATION;
    return more(framing.frame(first, bytes));
  }

  /**
   * Ends the message.
   *
   * @throws IllegalStateException if it is not its turn, or the session is closed
   */
  public void end() {
    boolean unused = more(framing.frame(Frames.FIN | opcode, Bytes.EMPTY));
    withdraw();
  }

  @Override
  protected boolean keepsTurn() {
    return true;
  }

  @Override
  protected void room() {
    sent.room();
  }

  @Override
  protected void failed(Throwable error) {
    sent.failed(error);
  }
}
