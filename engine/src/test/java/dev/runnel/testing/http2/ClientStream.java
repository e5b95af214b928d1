package dev.runnel.testing.http2;

import java.io.ByteArrayOutputStream;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** One request and its answer. */
final class ClientStream {
  static final int NOT_RESET = -1;

  final RequestText.Head head;
  final AnswerText answer;
  private final Deque<byte[]> unsent = new ArrayDeque<>();
  private boolean complete;
  private List<Field> trailers = List.of();

  /** The number on the wire; 0 while it waits to be opened. */
  int id;

  long window;
  long uncredited;
  long receiveWindow;
  boolean sentEnd;
  boolean resetByUs;
  int resetCode = NOT_RESET;

  ClientStream(RequestText.Head head) {
    this.head = head;
    this.answer = new AnswerText(head);
  }

  /** Queues bytes of the request, unless nobody takes them any more. */
  void queue(byte[] bytes) {
    if (!isReset()) {
      unsent.add(bytes);
    }
  }

  void complete(List<Field> fields) {
    complete = true;
    trailers = fields;
  }

  boolean isReset() {
    return resetCode != NOT_RESET;
  }

  boolean isClosed() {
    return isReset() || (sentEnd && answer.isEnded());
  }

  /** Whether it is given to another protocol, or may still be. */
  boolean tunnels() {
    boolean open = !isReset() && !complete && !answer.isEnded();
    return open && head.asksForConnection() && (answer.status() == 0 || answer.isTunnel());
  }

  /** Whether its answer never becomes whole because the server gave it up. */
  boolean isBroken() {
    return isReset() && !resetByUs && !answer.isEnded();
  }

  void reset(int code) {
    if (!isReset()) {
      resetCode = code;
      unsent.clear();
    }
  }

  /** Whether the head can say that nothing follows. */
  boolean endsWithHead() {
    return complete && unsent.isEmpty() && trailers.isEmpty();
  }

  /** Whether what is left is the end, in trailers or an empty frame. */
  boolean isAtEnd() {
    return complete && unsent.isEmpty() && !sentEnd;
  }

  List<Field> trailers() {
    return trailers;
  }

  boolean hasData() {
    return !unsent.isEmpty();
  }

  /** The next bytes, at most so many, several small pieces in one. */
  byte[] nextData(long most) {
    ByteArrayOutputStream piece = new ByteArrayOutputStream();
    while (!unsent.isEmpty() && piece.size() < most) {
      byte[] first = unsent.poll();
      int count = (int) Math.min(first.length, most - piece.size());
      piece.write(first, 0, count);
      if (count < first.length) {
        unsent.addFirst(java.util.Arrays.copyOfRange(first, count, first.length));
      }
    }
    return piece.toByteArray();
  }

  /** Whether the piece that was taken last is the last of all. */
  boolean endsWithData() {
    return complete && unsent.isEmpty() && trailers.isEmpty();
  }
}
