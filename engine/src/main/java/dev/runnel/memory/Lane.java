package dev.runnel.memory;

import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One direction of a connection: what was sent and did not arrive, and what arrived and was not
 * read. Of the loop.
 */
final class Lane {
  /** Most bytes of one read, as of Netty on sockets. */
  private static final int MOST_READ = 64 << 10;

  private static final long SECOND = 1_000_000_000L;

  private enum Mark {
    NONE,
    END,
    CUT
  }

  private record Piece(long due, Bytes bytes, Mark mark) {}

  private final Wire wire;
  private final Carrier carrier;
  private final boolean toServer;
  private final LaneFaults faults;
  private final Cutter cutter;
  private final @Nullable FrameSieve frames;
  private final Deque<Piece> flying = new ArrayDeque<>();
  private final Deque<Bytes> arrived = new ArrayDeque<>();
  private @Nullable WireEnd sender;
  private @Nullable WireEnd receiver;
  private Loop.@Nullable Timer timer;
  private long lastDue;
  private long owed; // of a nanosecond, in parts of the speed
  private long held;
  private long taken;
  private long carried;
  private boolean senderWaits;
  private boolean telling;
  private boolean finished;
  private boolean ended;
  private boolean refusing;
  private boolean dead;

  Lane(Wire wire, boolean toServer, LaneFaults faults) {
    this.wire = wire;
    this.carrier = wire.carrier();
    this.toServer = toServer;
    this.faults = faults;
    this.cutter = new Cutter(faults.fragments(), carrier.random());
    this.frames =
        faults.looksAtFrames()
            ? new FrameSieve(toServer, faults.resetAtFrame(), faults.windowUpdates())
            : null;
    this.lastDue = carrier.loop().nanoTime();
  }

  void connect(WireEnd from, WireEnd to) {
    sender = from;
    receiver = to;
  }

  boolean isToServer() {
    return toServer;
  }

  // --- the sender ---

  int offer(Bytes bytes) {
    if (dead || finished || bytes.isEmpty()) {
      return bytes.length();
    }
    long room = faults.capacity() - held;
    int accepted = (int) Math.min(bytes.length(), Math.max(0, room));
    senderWaits = accepted < bytes.length();
    if (accepted > 0) {
      accept(bytes.slice(0, accepted));
    }
    return accepted;
  }

  private void accept(Bytes bytes) {
    Bytes passed = frames == null ? bytes : frames.pass(bytes);
    long until = limit(passed.length(), faults.endAt());
    boolean endsHere = until < passed.length();
    fly(passed.slice(0, (int) until));
    if (endsHere || (faults.endAt() >= 0 && taken == faults.endAt())) {
      finish();
    }
    if (frames != null && frames.isCut()) {
      last(Mark.CUT);
    }
  }

  private long limit(int length, long at) {
    return at < 0 ? length : Math.max(0, Math.min(length, at - taken));
  }

  private void fly(Bytes bytes) {
    int step = faults.bytesPerSecond() == 0 ? Integer.MAX_VALUE : step();
    for (int at = 0; at < bytes.length(); ) {
      int size = (int) Math.min(cutter.next(taken), Math.min(step, bytes.length() - at));
      held += size;
      taken += size;
      flying.addLast(new Piece(due(size), bytes.slice(at, at + size), Mark.NONE));
      at += size;
    }
    schedule();
  }

  /** A tenth of a second's worth. */
  private int step() {
    return (int) Math.max(1, faults.bytesPerSecond() / 10);
  }

  private long due(int size) {
    long now = carrier.loop().nanoTime();
    long sent = Math.max(now, lastDue);
    if (faults.bytesPerSecond() > 0) {
      owed += Math.multiplyExact(size, SECOND);
      sent += owed / faults.bytesPerSecond();
      owed %= faults.bytesPerSecond();
    }
    lastDue = sent;
    return sent + faults.delay().toNanos();
  }

  void finish() {
    if (frames != null && !finished && !dead) {
      fly(frames.rest());
    }
    last(Mark.END);
  }

  /** How late what is no byte arrives: a reset. */
  Duration delay() {
    return faults.delay();
  }

  private void last(Mark mark) {
    if (!finished && !dead) {
      finished = true;
      flying.addLast(new Piece(due(0), Bytes.EMPTY, mark));
      schedule();
    }
  }

  boolean isEmpty() {
    return dead || held == 0;
  }

  // --- the way ---

  private void schedule() {
    Piece first = flying.peekFirst();
    if (first == null || timer != null || dead || isStalled()) {
      return;
    }
    long left = first.due - carrier.loop().nanoTime();
    if (left <= 0) {
      arrive();
    } else {
      timer = carrier.loop().schedule(this::due, Duration.ofNanos(left));
    }
  }

  private void due() {
    timer = null;
    arrive();
  }

  private boolean isStalled() {
    return faults.stallAt() >= 0 && carried >= faults.stallAt();
  }

  /** Moves all that is due, up to where a fault stands. */
  private void arrive() {
    long now = carrier.loop().nanoTime();
    boolean news = false;
    while (!dead && !isStalled()) {
      Piece first = flying.peekFirst();
      if (first == null || first.due > now) {
        break;
      }
      flying.removeFirst();
      news |= arrived(first);
    }
    if (news) {
      tell();
    }
    schedule();
  }

  private boolean arrived(Piece piece) {
    if (piece.mark == Mark.END) {
      ended = true;
      carrier.note(wire.number(), toServer, Trace.Kind.END, Bytes.EMPTY);
      return true;
    }
    if (piece.mark == Mark.CUT) {
      cutBehind();
      return false;
    }
    Bytes bytes = upToFault(piece);
    if (!bytes.isEmpty()) {
      carried += bytes.length();
      if (refusing) {
        held -= bytes.length();
        if (sender != null) {
          sender.answeredByReset();
        }
        return false;
      }
      arrived.addLast(bytes);
      carrier.note(wire.number(), toServer, Trace.Kind.BYTES, bytes);
    }
    if (faults.resetAt() >= 0 && carried >= faults.resetAt()) {
      cutBehind();
    }
    return true;
  }

  private Bytes upToFault(Piece piece) {
    long stop = piece.bytes.length();
    if (faults.stallAt() >= 0) {
      stop = Math.min(stop, faults.stallAt() - carried);
    }
    if (faults.resetAt() >= 0) {
      stop = Math.min(stop, faults.resetAt() - carried);
    }
    int until = (int) Math.max(0, stop);
    if (until < piece.bytes.length()) {
      flying.addFirst(
          new Piece(piece.due, piece.bytes.slice(until, piece.bytes.length()), Mark.NONE));
    }
    return piece.bytes.slice(0, until);
  }

  /** The connection breaks, behind what arrived. */
  private void cutBehind() {
    if (!dead) {
      dead = true;
      stopTimer();
      carrier.next(wire::cut);
    }
  }

  // --- the receiver ---

  private void tell() {
    if (!telling) {
      telling = true;
      carrier.next(this::told);
    }
  }

  private void told() {
    telling = false;
    if (receiver != null) {
      receiver.becameReadable();
    }
  }

  @Nullable Bytes take() {
    Bytes first = arrived.pollFirst();
    if (first == null) {
      return null;
    }
    Bytes bytes = first;
    if (first.length() > MOST_READ) {
      arrived.addFirst(first.slice(MOST_READ, first.length()));
      bytes = first.slice(0, MOST_READ);
    } else if (faults.fragments().equals(LaneFaults.Fragments.NONE)) {
      bytes = coalesced(first);
    }
    held -= bytes.length();
    room();
    return bytes;
  }

  private Bytes coalesced(Bytes first) {
    if (arrived.isEmpty()) {
      return first;
    }
    List<Bytes> together = new ArrayList<>();
    together.add(first);
    int sum = first.length();
    while (!arrived.isEmpty() && sum + arrived.getFirst().length() <= MOST_READ) {
      Bytes next = arrived.removeFirst();
      sum += next.length();
      together.add(next);
    }
    return Bytes.concat(together);
  }

  private void room() {
    if (senderWaits && held < faults.capacity() && !dead) {
      senderWaits = false;
      carrier.next(
          () -> {
            if (sender != null) {
              sender.becameWritable();
            }
          });
    }
  }

  boolean hasInput() {
    return !arrived.isEmpty() || ended;
  }

  boolean hasUnread() {
    return !arrived.isEmpty();
  }

  boolean ended() {
    return ended && arrived.isEmpty();
  }

  /** Nobody reads any more: whatever comes is answered by a reset. */
  void refuse() {
    refusing = true;
  }

  /** What is on its way is lost; what arrived can be read. */
  void cut() {
    dead = true;
    flying.clear();
    stopTimer();
  }

  private void stopTimer() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }
}
