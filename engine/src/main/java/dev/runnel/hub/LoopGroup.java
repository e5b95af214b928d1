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
  /** How often something is handed to a member in one task, roughly; then it is others' turn. */
  static final int TURN = 4096;

  /** Never more than this, whatever it costs. */
  private static final int MOST_AT_ONCE = 16 * TURN;

  /** Bytes that cost as much to copy as the way to a member. */
  private static final int BYTES_AS_MUCH = 2048;

  private static final Logger LOG = LoggerFactory.getLogger("runnel.hub");

  final Loop loop;
  final Hub<T> hub;
  private final List<Member<T>> members = new ArrayList<>();
  private final List<Member<T>> slow = new ArrayList<>(0);
  private final Stretch<T> stretch = new Stretch<>();
  private final AtomicBoolean awake = new AtomicBoolean();
  private Entry<T> at;
  private @Nullable Entry<T> end;
  private int left;
  private int costEach = Integer.MAX_VALUE; // of an entry in the last stretch; not known yet
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
    left = TURN;
    while (hasNext()) {
      if (left <= 0) {
        wake();
        return;
      }
      gather();
      try {
        deliver();
      } finally {
        at = stretch.end();
        stretch.pass();
      }
    }
  }

  private boolean hasNext() {
    Entry<T> next = at.next;
    return next != null && next != end;
  }

  private void gather() {
    int present = Math.max(1, members.size());
    int room = left / Math.max(1, Math.min(costEach, present)); // at the cost of last time
    int most = Math.min(room, MOST_AT_ONCE / present); // should nobody take many as one this time
    stretch.gather(at, end, Math.max(1, most), members.isEmpty() ? null : members.get(0).format);
  }

  private void deliver() {
    left -= stretch.size();
    if (stretch.isEmpty()) {
      return;
    }
    long taken = 0;
    int before = left;
    delivering = true;
    try {
      for (int i = 0, present = members.size(); i < present; i++) {
        taken += handTo(members.get(i));
      }
    } finally {
      delivering = false;
    }
    hub.counters.delivered.add(taken);
    costEach = (before - left) / stretch.size();
    tidy();
    closeSlow();
  }

  private int handTo(Member<T> member) {
    try {
      return member.take(stretch);
    } catch (Throwable e) {
      LOG.error("{} could not send messages to {}; others have them", hub, member, e);
      return 0;
    }
  }

  /** So many bytes, perhaps none, were handed to a member. */
  void handed(int bytes) {
    left -= 1 + bytes / BYTES_AS_MUCH;
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
