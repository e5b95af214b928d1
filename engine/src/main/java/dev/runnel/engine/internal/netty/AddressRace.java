package dev.runnel.engine.internal.netty;

import dev.runnel.io.Loop;
import io.netty.util.NetUtil;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Connects to the first of several addresses that answers (RFC 8305 5): one after the other, each
 * with a start before the next one, which begins at once where one fails. The first connection
 * wins, and the others are given up. Belongs to one loop.
 *
 * @param <C> what a connection is
 */
final class AddressRace<C> {
  /** RFC 8305 5: never less, or a herd of connections would start at once. */
  private static final Duration LEAST_DELAY = Duration.ofMillis(10);

  private static final int MOST_TOLD = 8;

  private final List<SocketAddress> addresses;
  private final Connector<C> connector;
  private final Loop loop;
  private final Duration delay;
  private final Result<C> result;
  private final Map<SocketAddress, String> outcomes = new LinkedHashMap<>();
  private final List<Contender> running = new ArrayList<>();
  private Loop.@Nullable Timer timer;
  private int next;
  private boolean starting;
  private boolean over;

  /** Makes one connection. */
  interface Connector<C> {
    /**
     * Begins one; the result may be told before this returns.
     *
     * @return gives it up: a connection that comes all the same is closed, and nothing is told
     */
    Runnable connect(SocketAddress to, Result<C> result);
  }

  /** What becomes of it; one of both, once. */
  interface Result<C> {
    void connected(C connection);

    void failed(Throwable cause);
  }

  /**
   * @param addresses at least one, in the order to be tried
   */
  AddressRace(
      List<? extends SocketAddress> addresses,
      Connector<C> connector,
      Loop loop,
      Duration delay,
      Result<C> result) {
    this.addresses = List.copyOf(new LinkedHashSet<>(addresses));
    this.connector = connector;
    this.loop = loop;
    this.delay = delay.compareTo(LEAST_DELAY) < 0 ? LEAST_DELAY : delay;
    this.result = result;
  }

  /** The result may be told before this returns. */
  void start() {
    go();
  }

  /** Starts the next address, and further ones where it fails at once: in a loop, not deeper. */
  private void go() {
    if (starting) {
      return; // the loop below goes on
    }
    starting = true;
    cancelTimer();
    int before;
    do {
      before = outcomes.size();
      SocketAddress address = addresses.get(next++);
      Contender contender = new Contender(address);
      running.add(contender);
      contender.start();
    } while (!over && next < addresses.size() && outcomes.size() > before);
    starting = false;
    if (over) {
      return;
    }
    if (next < addresses.size()) {
      timer = loop.schedule(this::nextInTime, delay);
    } else if (running.isEmpty()) {
      over = true;
      result.failed(new Failed(told()));
    }
  }

  private void nextInTime() {
    timer = null;
    if (!over) {
      go();
    }
  }

  private void cancelTimer() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }

  private void lost(Contender contender, Throwable cause) {
    running.remove(contender);
    outcomes.put(contender.address, words(cause));
    if (starting) {
      return;
    }
    if (next < addresses.size()) {
      go();
    } else if (running.isEmpty()) {
      over = true;
      result.failed(new Failed(told()));
    }
  }

  private void won(Contender winner, C connection) {
    running.remove(winner);
    abandon(); // the others
    result.connected(connection);
  }

  /** Gives all up; nothing is told any more. */
  void abandon() {
    over = true;
    cancelTimer();
    for (Contender contender : List.copyOf(running)) {
      contender.abandon();
    }
    running.clear();
  }

  /** Each address that was tried, with what became of it so far. */
  String told() {
    List<String> lines = new ArrayList<>();
    outcomes.forEach((address, outcome) -> lines.add(text(address) + " (" + outcome + ")"));
    running.forEach(contender -> lines.add(text(contender.address) + " (no answer)"));
    int more = lines.size() - MOST_TOLD;
    List<String> shown = more > 0 ? lines.subList(0, MOST_TOLD) : lines;
    return String.join(", ", shown) + (more > 0 ? " and " + more + " more" : "");
  }

  /** An address as messages show it: without the name that it was found by. */
  static String text(SocketAddress address) {
    return address instanceof InetSocketAddress inet
        ? NetUtil.toSocketAddressString(inet)
        : address.toString();
  }

  /** The system's words, without the address that Netty puts behind them. */
  private static String words(Throwable cause) {
    String message = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    for (String known :
        new String[] {
          "Connection refused",
          "Connection reset",
          "Network is unreachable",
          "No route to host",
          "Permission denied",
          "No such file or directory",
          "Cannot assign requested address",
          "timed out"
        }) {
      if (message.contains(known)) {
        return known;
      }
    }
    return message;
  }

  /** No address answered; the message lists them. */
  static final class Failed extends Exception {
    private static final long serialVersionUID = 1;

    Failed(String message) {
      super(message);
    }
  }

  private final class Contender implements Result<C> {
    final SocketAddress address;
    private @Nullable Runnable giveUp;
    private boolean decided;

    Contender(SocketAddress address) {
      this.address = address;
    }

    void start() {
      try {
        Runnable begun = connector.connect(address, this);
        giveUp = begun;
      } catch (IllegalArgumentException | UnsupportedOperationException e) {
        failed(e); // the address is of a kind that the transport cannot reach
      }
    }

    void abandon() {
      decided = true;
      if (giveUp != null) {
        giveUp.run();
      }
    }

    @Override
    public void connected(C connection) {
      decided = true;
      won(this, connection);
    }

    @Override
    public void failed(Throwable cause) {
      if (!decided) {
        decided = true;
        lost(this, cause);
      }
    }
  }
}
