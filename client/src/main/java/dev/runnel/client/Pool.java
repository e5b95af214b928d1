package dev.runnel.client;

import dev.runnel.io.Loop;
import dev.runnel.transport.ClientConnection;
import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientException.Reason;
import dev.runnel.transport.ClientTransport;
import dev.runnel.transport.Destination;
import dev.runnel.transport.Dialing;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The connections to one destination, and the calls that wait for one. It asks a connection how
 * many calls it takes and whether it takes any, never which version it speaks.
 *
 * <p>One lock guards all of it, and nobody is called with it held: what is to be done is gathered
 * first. Places are counted here: one is taken when a call gets a connection, and is free again
 * when the connection says that the call has ended.
 */
final class Pool {
  private final Destination to;
  private final ClientTransport transport;
  private final PoolOptions options;
  private final Loop clock;
  private final Runnable emptied;

  // Guarded by this. The connection used last stands first: so the others come of age.
  private final Deque<Member> members = new ArrayDeque<>(2);
  private final Deque<Ticket> waiting = new ArrayDeque<>(2);
  private final List<Dial> dials = new ArrayList<>(1);
  private int usualLimit;
  private Loop.@Nullable Timer sweeper;
  private long sweepsAt;
  private boolean closed;

  /**
   * @param clock by which connections are old
   * @param emptied told when nothing is left here; it may then {@link #retire} the pool
   */
  Pool(
      Destination to,
      ClientTransport transport,
      PoolOptions options,
      Loop clock,
      Runnable emptied) {
    this.to = to;
    this.transport = transport;
    this.options = options;
    this.clock = clock;
    this.emptied = emptied;
  }

  /**
   * Gives the ticket a place, now or later. False if the pool is closed, and another one is due.
   */
  boolean acquire(Ticket ticket) {
    List<Runnable> todo = new ArrayList<>(2);
    synchronized (this) {
      if (closed) {
        return false;
      }
      if (isFull()) {
        todo.add(() -> ticket.refused(full()));
      } else {
        waiting.add(ticket);
        serve(todo);
      }
    }
    todo.forEach(Runnable::run);
    return true;
  }

  /** Who waits for a connection that can still be made does not count. */
  private boolean isFull() {
    return waiting.size() >= options.waiting()
        && waiting.size() >= options.waiting() + options.perOrigin() - usable()
        && members.stream().noneMatch(Member::hasRoom);
  }

  private int usable() {
    int count = 0;
    for (Member member : members) {
      count += member.isUsable() ? 1 : 0;
    }
    return count;
  }

  private ClientException full() {
    String message = options.waiting() + " calls wait for a connection to " + to + " already";
    return new ClientException(Reason.POOL_FULL, message, true, null);
  }

  /** The place is not wanted any more; says whether there was none yet. */
  boolean withdraw(Ticket ticket) {
    boolean waited;
    synchronized (this) {
      waited = waiting.remove(ticket);
    }
    tellIfEmpty();
    return waited;
  }

  private void serve(List<Runnable> todo) {
    for (Iterator<Ticket> all = waiting.iterator(); all.hasNext(); ) {
      Ticket ticket = all.next();
      Member member = withRoom(ticket);
      if (member != null) {
        all.remove();
        member.leased++;
        member.calls++;
        members.remove(member);
        members.addFirst(member);
        todo.add(() -> ticket.granted(member));
      } else if (ticket.notBefore() == Ticket.ANY) {
        break; // there is no room for anybody; one that wants a new connection holds up nobody
      }
    }
    dialIfNeeded(todo);
  }

  private @Nullable Member withRoom(Ticket ticket) {
    Loop preferred = ticket.preferred();
    Member first = null;
    for (Member member : members) {
      if (member.hasRoom() && member.suits(ticket)) {
        if (preferred == null || member.connection.loop().equals(preferred)) {
          return member;
        }
        first = first == null ? member : first;
      }
    }
    return first;
  }

  /**
   * Makes as many connections as those who wait need. While it is not known how many calls one
   * takes here, the first is waited for: over HTTP/2 it is enough for all of them.
   */
  private void dialIfNeeded(List<Runnable> todo) {
    if (waiting.isEmpty()) {
      return;
    }
    int each = Math.max(1, usualLimit);
    int wanted = usualLimit == 0 ? 1 : (waiting.size() + each - 1) / each;
    makeRoom(todo);
    int room = options.perOrigin() - usable();
    while (dials.size() < wanted && dials.size() < room) {
      dial(waiting.getFirst(), todo);
    }
  }

  private void dial(Ticket first, List<Runnable> todo) {
    Dial dial = new Dial(first);
    dials.add(dial);
    todo.add(dial::begin);
  }

  /**
   * Those with room are too old for the first who waits: an idle one gives its place to a new one.
   */
  private void makeRoom(List<Runnable> todo) {
    if (!dials.isEmpty() || usable() < options.perOrigin()) {
      return;
    }
    for (Member member : members) {
      if (member.leased == 0 && member.hasRoom()) {
        member.retired = true;
        members.remove(member);
        todo.add(() -> close(member.connection));
        return;
      }
    }
  }

  /** A connection that is being made. */
  private final class Dial implements Dialing {
    private final Loop loop;
    private final ClientTransport.Times times;
    private @Nullable Handle handle;

    Dial(Ticket first) {
      Loop preferred = first.preferred();
      this.loop = preferred == null ? transport.loop() : preferred;
      this.times = first.dialTimes();
    }

    void begin() {
      Handle begun = transport.dial(to, loop, times, this);
      boolean late;
      synchronized (Pool.this) {
        handle = begun;
        late = closed;
      }
      if (late) {
        begun.cancel();
      }
    }

    /** Whether it failed for want of time that the ticket has, and the one it was made for not. */
    boolean isTooHastyFor(Ticket ticket, ClientException error) {
      ClientTransport.Times own = ticket.dialTimes();
      return switch (error.reason()) {
        case CONNECT_TIMEOUT -> isLonger(own.connect(), times.connect());
        case TLS_TIMEOUT -> isLonger(own.tls(), times.tls());
        default -> false;
      };
    }

    /** ZERO is for ever. */
    private static boolean isLonger(Duration limit, Duration than) {
      return !than.isZero() && (limit.isZero() || limit.compareTo(than) > 0);
    }

    @Override
    public ClientConnection.Listener opened(ClientConnection connection) {
      return Pool.this.opened(this, connection);
    }

    @Override
    public void failed(ClientException error) {
      Pool.this.failed(this, error);
    }
  }

  // --- what becomes of connections ---

  private Member opened(Dial dial, ClientConnection connection) {
    List<Runnable> todo = new ArrayList<>(2);
    Member member = new Member(this, connection, clock.nanoTime());
    synchronized (this) {
      dials.remove(dial);
      if (closed) {
        todo.add(() -> close(connection));
      } else {
        usualLimit = connection.callLimit();
        members.add(member);
        serve(todo);
        watch(todo);
      }
    }
    // Behind this: the connection begins when it knows who keeps it.
    connection.loop().execute(() -> todo.forEach(Runnable::run));
    return member;
  }

  private void failed(Dial dial, ClientException error) {
    List<Runnable> todo = new ArrayList<>();
    synchronized (this) {
      dials.remove(dial);
      if (dials.isEmpty()) {
        refuseHopeless(dial, error, todo);
      }
    }
    todo.forEach(Runnable::run);
    tellIfEmpty();
  }

  /** Those who have more time than the dial had get another one, with the time of their first. */
  private void refuseHopeless(Dial dial, ClientException error, List<Runnable> todo) {
    for (Ticket ticket : waiting.stream().filter(this::isHopeless).toList()) {
      if (!dial.isTooHastyFor(ticket, error)) {
        waiting.remove(ticket);
        todo.add(() -> ticket.refused(error));
      } else if (dials.isEmpty()) {
        dial(ticket, todo);
      }
    }
  }

  /** Whoever can still hope for another connection waits on. */
  private boolean isHopeless(Ticket ticket) {
    return members.stream().noneMatch(member -> member.isUsable() && member.suits(ticket));
  }

  void changed() {
    List<Runnable> todo = new ArrayList<>(2);
    synchronized (this) {
      if (!closed) {
        serve(todo);
      }
    }
    todo.forEach(Runnable::run);
  }

  void closed(Member member) {
    synchronized (this) {
      members.remove(member);
    }
    changed();
    tellIfEmpty();
  }

  void release(Member member) {
    List<Runnable> todo = new ArrayList<>(2);
    synchronized (this) {
      long now = clock.nanoTime();
      member.leased--;
      if (member.leased == 0) {
        member.idleSince = now;
      }
      if (!closed) {
        serve(todo);
        if (member.retired || isSweptTooLate(member, now)) {
          watch(todo);
        }
      }
    }
    todo.forEach(Runnable::run);
  }

  // --- age ---

  /** Closes what is too old, and sees to it that somebody looks again in time. */
  private void watch(List<Runnable> todo) {
    long now = clock.nanoTime();
    long next = Long.MAX_VALUE;
    for (Iterator<Member> all = members.iterator(); all.hasNext(); ) {
      Member member = all.next();
      long left = left(member, now);
      if (left > 0) {
        next = Math.min(next, left);
      } else {
        member.retired = true;
        if (member.leased == 0) {
          all.remove();
          todo.add(() -> close(member.connection));
        }
      }
    }
    if (next != Long.MAX_VALUE && (sweeper == null || next < sweepsAt - now)) {
      stopSweeping();
      sweeper = clock.schedule(this::sweep, Duration.ofNanos(next));
      sweepsAt = now + next;
    }
  }

  /** While it was in use only its age counted: that may be far off when it falls idle. */
  private boolean isSweptTooLate(Member member, long now) {
    return sweeper == null || left(member, now) < sweepsAt - now;
  }

  /** Nanoseconds until the connection is too old for a next call. */
  private long left(Member member, long now) {
    long age = options.age().toNanos();
    long left = age == 0 ? Long.MAX_VALUE : age - (now - member.openedAt);
    if (member.leased == 0) {
      left = Math.min(left, options.idle().toNanos() - (now - member.idleSince));
    }
    return left;
  }

  private void sweep() {
    List<Runnable> todo = new ArrayList<>(2);
    synchronized (this) {
      sweeper = null;
      if (!closed) {
        watch(todo);
      }
    }
    todo.forEach(Runnable::run);
    tellIfEmpty();
  }

  // --- the end ---

  private void tellIfEmpty() {
    boolean empty;
    synchronized (this) {
      empty = !closed && isEmpty();
    }
    if (empty) {
      emptied.run();
    }
  }

  private boolean isEmpty() {
    return members.isEmpty() && waiting.isEmpty() && dials.isEmpty();
  }

  /** Ends a pool that nothing is left of; false if there is something again. */
  synchronized boolean retire() {
    if (!isEmpty()) {
      return false;
    }
    closed = true;
    stopSweeping();
    return true;
  }

  private void stopSweeping() {
    if (sweeper != null) {
      sweeper.cancel();
      sweeper = null;
    }
  }

  /** Takes no more calls; connections close when theirs have ended. */
  void close() {
    List<Runnable> todo = new ArrayList<>();
    synchronized (this) {
      closed = true;
      stopSweeping();
      for (Ticket ticket : waiting) {
        todo.add(() -> ticket.refused(Failures.closed()));
      }
      waiting.clear();
      for (Dial dial : dials) {
        if (dial.handle != null) {
          todo.add(dial.handle::cancel);
        }
      }
      for (Member member : members) {
        todo.add(() -> close(member.connection));
      }
    }
    todo.forEach(Runnable::run);
  }

  /** Gives up the calls that are still under way. */
  void closeNow() {
    List<Member> left;
    synchronized (this) {
      left = new ArrayList<>(members);
    }
    for (Member member : left) {
      ClientConnection connection = member.connection;
      connection.loop().execute(() -> connection.closeNow(Failures.closed()));
    }
  }

  private static void close(ClientConnection connection) {
    connection.loop().execute(connection::close);
  }

  /** Adds what there is to the sums. */
  synchronized PoolStats stats(PoolStats before) {
    int leased = members.stream().mapToInt(member -> member.leased).sum();
    int idle = (int) members.stream().filter(member -> member.leased == 0).count();
    return new PoolStats(
        before.connections() + members.size(),
        before.idle() + idle,
        before.calls() + leased,
        before.waiting() + waiting.size(),
        before.dialing() + dials.size());
  }
}
