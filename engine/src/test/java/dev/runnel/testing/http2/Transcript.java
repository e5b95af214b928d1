package dev.runnel.testing.http2;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The streams of a connection in the order of their requests, and their answers as one text. */
final class Transcript {
  private final List<ClientStream> streams = new ArrayList<>();
  private final ByteArrayOutputStream told = new ByteArrayOutputStream();
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

  /** Whether the next answer was given up by the server, or no answer is to come. */
  boolean isOver() {
    return current == streams.size() || streams.get(current).isBroken();
  }

  /** The test knows of an answer that was given up: the one behind it is next. */
  void passBroken() {
    if (current < streams.size() && streams.get(current).isBroken()) {
      current++;
      tell();
    }
  }

  /** Whether we have given this stream up: what was on its way then is to be ignored. */
  boolean isResetByUs(int id) {
    return streams.stream().anyMatch(stream -> stream.id == id && stream.resetByUs);
  }
}
