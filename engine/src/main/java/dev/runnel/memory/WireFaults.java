package dev.runnel.memory;

import java.util.function.UnaryOperator;

/**
 * What happens to one connection. Immutable.
 *
 * @param toServer to what the client sends
 * @param toClient to what the server sends
 * @param companions silent connections that are made beside this one, as browsers do that connect
 *     ahead and never ask
 */
public record WireFaults(LaneFaults toServer, LaneFaults toClient, int companions) {
  /** Nothing happens. */
  public static final WireFaults NONE = new WireFaults(LaneFaults.NONE, LaneFaults.NONE, 0);

  /** Whether something happens to frames of HTTP/2, which are seen in clear only. */
  public boolean lookAtFrames() {
    return toServer.looksAtFrames() || toClient.looksAtFrames();
  }

  /** With a change to what the client sends. */
  public WireFaults toServer(UnaryOperator<LaneFaults> change) {
    return new WireFaults(change.apply(toServer), toClient, companions);
  }

  /** With a change to what the server sends. */
  public WireFaults toClient(UnaryOperator<LaneFaults> change) {
    return new WireFaults(toServer, change.apply(toClient), companions);
  }

  /** With so many silent connections beside it. */
  public WireFaults withCompanions(int other) {
    return new WireFaults(toServer, toClient, other);
  }

  @Override
  public String toString() {
    return "to the server: "
        + toServer
        + "; to the client: "
        + toClient
        + (companions == 0 ? "" : "; " + companions + " silent connections beside it");
  }
}
