package dev.runnel.websocket;

import dev.runnel.engine.CallCancelledException;
import dev.runnel.engine.CallLife;
import dev.runnel.engine.SendQueue;
import dev.runnel.http.BodyReader;
import dev.runnel.http.RawConnection;
import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import dev.runnel.transport.ClientException;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The closing handshake (RFC 6455 7): at most one Close is sent, and nothing behind it. The server
 * then closes its half and, once the peer had its chance to read the Close, the connection; the
 * client leaves both to the server (7.1.1), but not for ever.
 */
final class Closing {
  /** For the peer to close its half when all was said; then we close over its head. */
  private static final Duration LINGER = Duration.ofSeconds(2);

  private enum State {
    /** Both may send. */
    OPEN,
    /** We have said Close; the peer has not. */
    SAID,
    /** All was said; what still comes is dropped until the peer closes its half, or all of it. */
    LINGERING,
    OVER
  }

  private final Role role;
  private final Framing framing;
  private final RawConnection connection;
  private final SendQueue queue;
  private final Duration patience;
  private final Consumer<CloseReason> onClosed;
  private final Runnable over;
  private final Loop loop;
  private final CallLife.Hold hold;
  private State state = State.OPEN;
  private CloseReason reason = CloseReason.of(CloseReason.ABNORMAL);
  private boolean told;
  private boolean gaveUp;
  private Loop.@Nullable Timer timer;

  /**
   * @param patience how long the peer may take to answer our Close
   * @param onClosed told once the session is no more
   * @param over runs behind that, when nothing is received or sent any more
   */
  Closing(
      Role role,
      CallLife call,
      RawConnection connection,
      SendQueue queue,
      Duration patience,
      Consumer<CloseReason> onClosed,
      Runnable over) {
    this.role = role;
    this.framing = Framing.of(role);
    this.connection = connection;
    this.queue = queue;
    this.patience = patience;
    this.onClosed = onClosed;
    this.over = over;
    this.loop = call.loop();
    this.hold = call.hold();
  }

  boolean isOpen() {
    return state == State.OPEN;
  }

  /** Whether what the peer sends still means something. */
  boolean mayReceive() {
    return state == State.OPEN || state == State.SAID;
  }

  CloseReason reason() {
    return reason;
  }

  /** Our side has enough. */
  void close(CloseReason ours) {
    if (state == State.OPEN) {
      say(ours, ours);
      if (state == State.SAID) {
        timer = loop.schedule(this::linger, patience);
      }
    }
  }

  /** The peer broke a rule: it is told, and nothing of it is looked at any more. */
  void fail(CloseReason ours) {
    gaveUp = true;
    if (state == State.OPEN) {
      say(ours, ours);
    }
    if (state == State.SAID) {
      linger();
    }
  }

  /** The peer's Close came. */
  void received(CloseReason theirs) {
    if (state == State.OPEN) {
      say(CloseReason.of(theirs.code()), theirs);
    }
    if (state == State.SAID) {
      reason = theirs;
      linger();
    }
  }

  /** Those who wait in the queue are told behind it: they may end the session in other ways. */
  private void say(CloseReason ours, CloseReason why) {
    state = State.SAID;
    reason = why;
    queue.fail(new WsClosed(why), () -> write(ours));
  }

  private void write(CloseReason close) {
    try {
      boolean ignored =
          connection.output().write(framing.frame(Frames.FIN | Frames.CLOSE, close.payload()));
    } catch (CallCancelledException | ClientException e) {
      lost();
    }
  }

  /**
   * All was said: a server closes its half, and the peer gets a while to close its own. The one who
   * closes first has to remember the connection for minutes (TIME_WAIT), which is why that is the
   * server: it can tell a new connection of the same ports, and the client may open one (7.1.1).
   */
  private void linger() {
    state = State.LINGERING;
    stopTimer();
    timer = loop.schedule(this::lingered, LINGER);
    if (role == Role.SERVER) {
      connection.output().end();
    }
    tell();
    over.run();
    inputReady();
  }

  /**
   * Drops what comes, until the peer has closed its half. Closing earlier may reset the connection,
   * and the peer may then lose our Close before it has read it.
   */
  void inputReady() {
    if (state != State.LINGERING) {
      return;
    }
    BodyReader in = connection.input();
    try {
      Bytes dropped;
      do {
        dropped = in.poll();
      } while (dropped != null);
      if (in.ended()) {
        closeConnection();
      } else {
        in.onReady(this::inputReady);
      }
    } catch (CallCancelledException | ClientException e) {
      lost();
    }
  }

  /** A peer that was too slow for its messages does not take what is left of them either. */
  private void lingered() {
    if (gaveUp && state != State.OVER) {
      end();
      connection.reset();
    } else {
      closeConnection();
    }
  }

  private void closeConnection() {
    if (state != State.OVER) {
      end();
      connection.close();
    }
  }

  /** The connection is gone, or shall be. */
  void lost() {
    if (state == State.OVER) {
      return;
    }
    boolean early = state != State.LINGERING;
    state = State.OVER; // who is told now can say no Close, and so change the reason
    queue.fail(new WsClosed(reason));
    end();
    connection.reset();
    if (early) {
      tell();
      over.run();
    }
  }

  private void end() {
    state = State.OVER;
    stopTimer();
    hold.release();
  }

  private void tell() {
    if (!told) {
      told = true;
      onClosed.accept(reason);
    }
  }

  private void stopTimer() {
    if (timer != null) {
      timer.cancel();
      timer = null;
    }
  }
}
