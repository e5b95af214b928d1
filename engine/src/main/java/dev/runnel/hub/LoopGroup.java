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

  private static final Logger LOG = LoggerFactory.getLogger("runnel.hub");

  final Loop loop;
  final Hub<T> hub;
  private final List<Member<T>> members = new ArrayList<>();
  private final List<Member<T>> slow = new ArrayList<>(0);
  private final Stretch<T> stretch = new Stretch<>();
  private final AtomicBoolean awake = new AtomicBoolean();
  private Entry<T> at;
  private @Nullable Entry<T> end;
  private int apart = Integer.MAX_VALUE; // who took the last stretch one by one; not known: all
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
    while (hasNext()) {
      if (left <= 0) {
        wake();
        return;
      }
      stretch.gather(at, end, longest(left));
      left -= stretch.size() + deliver();
      at = stretch.end();
      stretch.pass();
    }
  }

  private boolean hasNext() {
    Entry<T> next = at.next;
    return next != null && next != end;
  }

  /** Those who take one by one are given no more in one go than the turn has room for. */
  private int longest(int left) {
    return Math.max(1, Math.min(Stretch.MOST, left / Math.max(1, Math.min(apart, members.size()))));
  }

  /** Hands the stretch on, and says how often something was handed to a member. */
  private int deliver() {
    if (stretch.messages() == 0) {
      return 0;
    }
    int present = members.size();
    long taken = 0;
    apart = 0;
    delivering = true;
    for (int i = 0; i < present; i++) {
      Member<T> member = members.get(i);
      int whole = takeWhole(member);
      if (whole >= 0) {
        taken += whole;
      } else {
        taken += takeEach(member);
        apart++;
      }
    }
    delivering = false;
    hub.counters.delivered.add(taken);
    int handed = present - apart + apart * stretch.messages();
    tidy();
    closeSlow();
    return handed;
  }

  private int takeWhole(Member<T> member) {
    try {
      return member.takeWhole(stretch);
    } catch (Throwable e) {
      LOG.error("{} could not send messages to {}; others have them", hub, member, e);
      return 0;
    }
  }

  private int takeEach(Member<T> member) {
    int taken = 0;
    for (int i = 0, n = stretch.size(); i < n; i++) {
      Entry<T> entry = stretch.entry(i);
      Broadcast<T> broadcast = entry.broadcast();
      try {
        if (broadcast != null && member.take(entry, broadcast)) {
          taken++;
        }
      } catch (Throwable e) {
        LOG.error("{} could not send a message to {}; others have it", hub, member, e);
      }
    }
    return taken;
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
