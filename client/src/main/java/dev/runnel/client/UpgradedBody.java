package dev.runnel.client;

import dev.runnel.http.Body;
import dev.runnel.http.RawConnection;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The connection that an answer gave, in the place of its body: so it passes through filters, and a
 * proxy can hand it on.
 */
final class UpgradedBody implements Body.Upgrade {
  private final Upgraded upgraded;
  private final AtomicBoolean used = new AtomicBoolean();

  UpgradedBody(Upgraded upgraded) {
    this.upgraded = upgraded;
  }

  Upgraded upgraded() {
    return upgraded;
  }

  /** Joins it to the connection of a client of ours. */
  @Override
  public void take(RawConnection downstream) {
    if (used.getAndSet(true)) {
      throw new IllegalStateException("this upgrade was used or discarded before");
    }
    RawPipe.join(downstream, upgraded.connection());
  }

  @Override
  public void discard() {
    if (!used.getAndSet(true)) {
      upgraded.loop().execute(upgraded.connection()::reset);
    }
  }
}
