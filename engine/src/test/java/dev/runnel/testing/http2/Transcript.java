package dev.runnel.testing.http2;

import dev.runnel.testing.ReceivedBytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The streams of a connection in the order of their requests, and their answers as one text. */
final class Transcript {
  private final List<ClientStream> streams = new ArrayList<>();
  private final ReceivedBytes told = new ReceivedBytes();
  private int current;

  void add(ClientStream stream) {
    streams.add(stream);
  }

  boolean isEmpty() {
    return streams.isEmpty();
  }

  ClientStream get(int request) {
    return streams.get(request);
  }

  ClientStream latest() {
    return streams.get(streams.size() - 1);
  }

  /** Goes through the answers in order, as far as they have come. */
  void tell() {
    while (current < streams.size()) {
      ClientStream stream = streams.get(current);
      if (!stream.resetByUs) {
        stream.answer.drainTo(told);
        if (!stream.answer.isEnded()) {
          return;
        }
      }
      current++;
    }
  }

  String text() {
    return told.toString(StandardCharsets.ISO_8859_1);
  }

  int size() {
    return told.size();
  }

  byte[] from(int from) {
    return told.from(from);
  }

  /** Whether the next answer was given up by the server, or no answer is to come. */
  boolean isOver() {
    return current == streams.size() || isBroken();
  }

  /** Whether the next answer was given up by the server. */
  boolean isBroken() {
    return current < streams.size() && streams.get(current).isBroken();
  }

  /** The test knows of an answer that was given up: the one behind it is next. */
  void passBroken() {
    if (isBroken()) {
      current++;
      tell();
    }
  }

  /** Whether we have given this stream up: what was on its way then is to be ignored. */
  boolean isResetByUs(int id) {
    return streams.stream().anyMatch(stream -> stream.id == id && stream.resetByUs);
  }
}
