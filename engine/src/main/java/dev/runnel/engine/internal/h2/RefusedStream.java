package dev.runnel.engine.internal.h2;

import dev.runnel.http.ResponseHead;
import dev.runnel.io.Bytes;

/** A stream whose request never becomes a call: a short answer, and no more. */
final class RefusedStream extends Http2Stream {
  RefusedStream(int id, Http2Connection connection, boolean ended) {
    super(
        id,
        connection,
        ended ? StreamState.HALF_CLOSED_REMOTE : StreamState.OPEN,
        connection.peer().window,
        connection.firstReceiveWindow());
  }

  void answer(ResponseHead head, Bytes document) {
    ResponseHeads.write(this, head, document.length(), false);
    send(document, true);
  }

  @Override
  void headers(HeaderFields fields, boolean end) {
    // Nobody reads what follows; the stream is reset behind the answer.
  }

  @Override
  void inputCame() {
    dropInput();
  }

  @Override
  void inputStalled() {
    // nobody waits
  }

  @Override
  void outputWritable() {
    // nobody waits
  }

  @Override
  void outputStalled() {
    connection.streams().resetQuietly(this, ErrorCode.CANCEL);
  }

  @Override
  void endedOutput() {
    connection.streams().endEarly(this);
  }

  @Override
  void lost(Loss loss) {
    // there is no call that could learn it
  }

  @Override
  boolean outlivesInput() {
    return true;
  }
}
