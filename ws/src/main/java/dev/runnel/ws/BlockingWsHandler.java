package dev.runnel.ws;

/** Runs a session in blocking code. */
@FunctionalInterface
public interface BlockingWsHandler {
  /**
   * Called once. Returning closes the session with 1000, {@link WsClose} with its code, anything
   * else with 1011 and a line in the log.
   */
  void handle(BlockingWs session) throws Exception;
}
