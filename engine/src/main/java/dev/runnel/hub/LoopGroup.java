package dev.runnel.hub;

import dev.runnel.io.Loop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The subscribers of a hub on one loop. It walks the hub's course in a task of that loop, one at a
 * time however many broadcasts there are. Owned by the loop but for {@link #wake}.
 */
final class LoopGroup<T> implements Runnable {
  /** Messages handed on in one task, roughly; then others have their turn (1 to 2 ms). */
  static final int TURN = 4096;

  private static final Logger LOG = LoggerFactory.getLogger("runnel.hub");

  final Loop loop;
  final Hub<T> hub;
  private final List<Member<T>> members = new ArrayList<>();
  private final List<Member<T>> slow = new ArrayList<>(0);
  private final AtomicBoolean awake = new AtomicBoolean();
  private Entry<T> at;
  private @Nullable Entry<T> end;
  private boolean delivering;
  private boolean gaps;

  LoopGroup(Hub<T> hub, Loop loop) {
    this.hub = hub;
    this.loop = loop;
    this.at = new Entry<>(null);
  }

  /** Lets it walk on from here; what is before is none of its business. */
  void begin(Entry<T> start) {
    at = start;
    start.pass();
  }

  /** Has the course walked soon. Any thread. */
  void wake() {
    if (!awake.getAndSet(true)) {
      loop.execute(this);
    }
  }

  @Override
  public void run() {
    awake.set(false); // before the look at what is next: what comes behind that look wakes us again
    int left = TURN;
    for (Entry<T> next = at.next; next != null && next != end; next = at.next) {
      if (left <= 0) {
        wake();
        return;
      }
      left -= 1 + members.size();
      at = next;
      Broadcast<T> broadcast = next.broadcast();
      if (broadcast != null) {
        deliver(next, broadcast);
      }
      next.pass();
    }
  }

  private void deliver(Entry<T> entry, Broadcast<T> broadcast) {
    long taken = 0;
    delivering = true;
    for (int i = 0, n = members.size(); i < n; i++) {
      Member<T> member = members.get(i);
      try {
        if (member.take(entry, broadcast)) {
          taken++;
        }
      } catch (Throwable e) {
        LOG.error("{} could not send a message to {}; others have it", hub, member, e);
      }
    }
    delivering = false;
    hub.counters.delivered.add(taken);
    tidy();
    closeSlow();
  }

  void add(Member<T> member) {
    member.place = members.size();
    members.add(member);
  }

  void remove(Member<T> member) {
    if (delivering) {
      gaps = true;
      return;
    }
    Member<T> last = members.remove(members.size() - 1);
    if (last != member) {
      members.set(member.place, last);
      last.place = member.place;
    }
    dissolve();
  }

  /** Closes the member once all others have the message. */
  void close(Member<T> member) {
    slow.add(member);
  }

  private void tidy() {
    if (!gaps) {
      return;
    }
    gaps = false;
    members.removeIf(Member::isOver);
    for (int i = 0; i < members.size(); i++) {
      members.get(i).place = i;
    }
    dissolve();
  }

  private void dissolve() {
    if (members.isEmpty() && end == null) {
      end = hub.close(this);
    }
  }

  private void closeSlow() {
    while (!slow.isEmpty()) {
      Member<T> member = slow.remove(slow.size() - 1);
      try {
        member.subscriber.tooSlow();
      } catch (Throwable e) {
        LOG.error("{} could not close {}, which is too slow", hub, member.subscriber, e);
      }
    }
  }
}
