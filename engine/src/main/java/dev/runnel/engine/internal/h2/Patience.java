package dev.runnel.engine.internal.h2;

import dev.runnel.engine.Timeouts;
import dev.runnel.engine.internal.exchange.DeadlineSweep.Deadline;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** What the connection waits for, and for how long. What streams wait for is theirs. */
final class Patience {
  /** For the peer to have seen our SETTINGS (RFC 9113 6.5.3). */
  private static final long SETTINGS = TimeUnit.SECONDS.toNanos(10);

  enum Wait {
    NOTHING,
    /** The preface, or the rest of a header block. */
    HEAD,
    /** A next request. */
    REQUEST,
    /** The end of what is discarded before a close. */
    LINGER
  }

  private final Http2Connection connection;
  private final Deadline settings;
  private Wait wait = Wait.NOTHING;
  private boolean settingsSeen;

  Patience(Http2Connection connection) {
    this.connection = connection;
    this.settings = new Deadline(this::settingsOverdue);
  }

  /** Waits for this from now on; if it did so before, its time goes on. */
  void await(Wait what) {
    if (wait == what) {
      return;
    }
    wait = what;
    Timeouts timeouts = connection.timeouts();
    connection
        .link()
        .deadline(
            switch (what) {
              case NOTHING -> Duration.ZERO;
              case HEAD -> timeouts.requestHead();
              case REQUEST -> timeouts.keepAliveIdle();
              case LINGER -> timeouts.lingeringClose();
            });
  }

  /** This came: a next wait for it has its own time. */
  void met(Wait what) {
    if (wait == what) {
      wait = Wait.NOTHING;
    }
  }

  /** The time is over; gives what was waited for. */
  Wait due() {
    Wait due = wait;
    wait = Wait.NOTHING;
    return due;
  }

  /** The peer speaks HTTP/2: it will acknowledge our SETTINGS. */
  void awaitSettings() {
    connection.context().deadlines().arm(settings, SETTINGS);
  }

  /**
   * No acknowledgement was seen. As long as we look at nothing because the peer takes nothing it
   * may be among what waits, and how long that may last is the matter of another limit.
   */
  private void settingsOverdue() {
    if (connection.isHeldBack()) {
      awaitSettings();
    } else {
      connection.fail(ErrorCode.SETTINGS_TIMEOUT, "our SETTINGS were not acknowledged in time");
    }
  }

  /** The peer has acknowledged our SETTINGS. */
  void settingsSeen() {
    settingsSeen = true;
    connection.context().deadlines().disarm(settings);
  }

  boolean areSettingsSeen() {
    return settingsSeen;
  }

  void stop() {
    await(Wait.NOTHING);
    connection.context().deadlines().remove(settings);
  }
}
