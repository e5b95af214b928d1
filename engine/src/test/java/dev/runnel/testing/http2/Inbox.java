package dev.runnel.testing.http2;

import dev.runnel.testing.Peer;
import java.io.ByteArrayOutputStream;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What came: cut into frames, decoded, checked, answered where that goes by itself, and kept until
 * a test takes it. Guarded by the peer, whose own thread may bring bytes.
 */
final class Inbox {
  private static final int KEPT_LINES = 200;

  private final Peer peer;
  private final FrameParser parser = new FrameParser();
  private final HeaderCoder coder = new HeaderCoder();
  private final ServerWatch watch = new ServerWatch();
  private final Room room = new Room();
  private final Deque<Arrival> arrived = new ArrayDeque<>();
  private final Deque<Frame> aside = new ArrayDeque<>();
  private final Deque<String> log = new ArrayDeque<>();
  private final Map<Integer, Integer> counts = new HashMap<>();
  private final Map<Integer, Integer> resets = new HashMap<>();
  private final Deque<Integer> tables = new ArrayDeque<>();
  private final Queue<Frame> unsent = new ArrayDeque<>();
  private @Nullable Frame begun;
  private final ByteArrayOutputStream block = new ByteArrayOutputStream();
  private @Nullable Throwable failure;
  private boolean acknowledging = true;
  private boolean answeringPings = true;
  private boolean crediting;
  private boolean opened;
  private int lines;

  Inbox(Peer peer) {
    this.peer = peer;
  }

  /** Looks at all bytes that came. */
  void take() {
    List<Frame> answers = new ArrayList<>();
    synchronized (peer) {
      try {
        parser.add(peer.takeBytes());
        Frame frame = failure == null ? parser.next() : null;
        while (frame != null) {
          take(frame, answers);
          frame = parser.next();
        }
      } catch (AssertionError | RuntimeException e) {
        failure = e;
      }
      send(answers);
    }
  }

  private void send(List<Frame> answers) {
    unsent.addAll(answers);
    if (!opened || unsent.isEmpty() || peer.isEnded()) {
      return;
    }
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (Frame answer = unsent.poll(); answer != null; answer = unsent.poll()) {
      sent(answer);
      out.writeBytes(answer.encode());
    }
    try {
      peer.send(out.toByteArray());
    } catch (UncheckedIOException e) {
      log("! " + e.getMessage()); // the server may have closed meanwhile
    }
  }

  private void take(Frame frame, List<Frame> answers) {
    if (begun != null || frame.type() == Frame.CONTINUATION) {
      continueBlock(frame);
      return;
    }
    watch.came(frame);
    room.came(frame);
    switch (frame.type()) {
      case Frame.HEADERS, Frame.PUSH_PROMISE -> {
        begun = frame;
        block.reset();
        block.writeBytes(frame.content());
        endBlock(frame);
      }
      case Frame.SETTINGS, Frame.PING, Frame.WINDOW_UPDATE -> {
        arrive(frame);
        aside.add(frame);
        answer(frame, answers);
      }
      default -> {
        arrive(frame);
        arrived.add(new Arrival(frame, List.of()));
        answer(frame, answers);
      }
    }
  }

  private void arrive(Frame frame) {
    counts.merge(frame.type(), 1, Integer::sum);
    if (frame.type() == Frame.RST_STREAM) {
      resets.merge(frame.code(), 1, Integer::sum);
    }
    log("< " + frame);
  }

  private void continueBlock(Frame frame) {
    Frame first = begun;
    boolean fits =
        first != null && frame.type() == Frame.CONTINUATION && frame.stream() == first.stream();
    ServerWatch.check(fits, frame, "6.10: a header block has to go on");
    block.writeBytes(frame.payload());
    endBlock(frame);
  }

  private void endBlock(Frame last) {
    Frame first = begun;
    if (first == null || !last.has(Frame.END_HEADERS)) {
      return;
    }
    begun = null;
    byte[] whole = block.toByteArray();
    List<Field> fields = coder.decode(first.stream(), whole);
    byte[] payload = first.type() == Frame.PUSH_PROMISE ? first.payload() : whole;
    int flags = (first.flags() & Frame.END_STREAM) | Frame.END_HEADERS;
    Arrival arrival = new Arrival(new Frame(first.type(), flags, first.stream(), payload), fields);
    counts.merge(first.type(), 1, Integer::sum);
    log("< " + arrival);
    watch.fields(arrival);
    arrived.add(arrival);
  }

  private void answer(Frame frame, List<Frame> answers) {
    switch (frame.type()) {
      case Frame.SETTINGS -> settings(frame, answers);
      case Frame.PING -> {
        if (answeringPings && !frame.has(Frame.ACK)) {
          answers.add(Frame.pong(frame.payload()));
        }
      }
      case Frame.DATA -> {
        if (crediting && frame.payload().length > 0) {
          answers.add(Frame.windowUpdate(0, frame.payload().length));
          if (!frame.ends()) {
            answers.add(Frame.windowUpdate(frame.stream(), frame.payload().length));
          }
        }
      }
      default -> {}
    }
  }

  private void settings(Frame frame, List<Frame> answers) {
    if (frame.has(Frame.ACK)) {
      Integer table = tables.poll();
      if (table != null && table >= 0) {
        coder.decoderTable(table);
      }
      return;
    }
    Integer table = frame.values().get(Setting.HEADER_TABLE_SIZE);
    if (table != null) {
      coder.encoderTable(Integer.toUnsignedLong(table));
    }
    if (acknowledging) {
      answers.add(Frame.settingsAck());
    }
  }

  // --- what we send ---

  /** Something was sent: a server may speak first, but we must not answer before our preface. */
  void opened() {
    synchronized (peer) {
      if (!opened) {
        opened = true;
        send(List.of());
      }
    }
  }

  void sent(Frame frame) {
    synchronized (peer) {
      watch.sent(frame);
      room.sent(frame);
      if (frame.type() == Frame.SETTINGS && !frame.has(Frame.ACK)) {
        tables.add(frame.values().getOrDefault(Setting.HEADER_TABLE_SIZE, -1));
      }
      log("> " + frame);
    }
  }

  byte[] encode(int stream, List<Field> fields) {
    synchronized (peer) {
      return coder.encode(stream, fields);
    }
  }

  void acknowledging(boolean on) {
    synchronized (peer) {
      acknowledging = on;
    }
  }

  void answeringPings(boolean on) {
    synchronized (peer) {
      answeringPings = on;
    }
  }

  void crediting(boolean on) {
    synchronized (peer) {
      crediting = on;
    }
  }

  // --- what a test takes ---

  @Nullable Arrival poll(Predicate<Arrival> wanted) {
    synchronized (peer) {
      return pollFirst(arrived, wanted);
    }
  }

  @Nullable Frame pollAside(Predicate<Frame> wanted) {
    synchronized (peer) {
      return pollFirst(aside, wanted);
    }
  }

  private static <T> @Nullable T pollFirst(Deque<T> from, Predicate<T> wanted) {
    for (Iterator<T> all = from.iterator(); all.hasNext(); ) {
      T next = all.next();
      if (wanted.test(next)) {
        all.remove();
        return next;
      }
    }
    return null;
  }

  int room(int stream) {
    synchronized (peer) {
      return room.of(stream);
    }
  }

  long left() {
    synchronized (peer) {
      return watch.left();
    }
  }

  int count(int type) {
    synchronized (peer) {
      return counts.getOrDefault(type, 0);
    }
  }

  int countRst(int code) {
    synchronized (peer) {
      return resets.getOrDefault(code, 0);
    }
  }

  @Nullable Throwable failure() {
    synchronized (peer) {
      return failure;
    }
  }

  // --- the log ---

  private void log(String line) {
    if (log.size() == KEPT_LINES) {
      log.removeFirst();
    }
    log.addLast(line);
    lines++;
  }

  String log() {
    synchronized (peer) {
      String earlier = lines > log.size() ? "(" + (lines - log.size()) + " before)\n" : "";
      int rest = parser.rest().length;
      return earlier
          + String.join("\n", log)
          + (rest > 0 ? "\n< " + rest + " bytes that are no whole frame" : "");
    }
  }

  void close() {
    synchronized (peer) {
      coder.close();
    }
  }
}
