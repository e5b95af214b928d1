package dev.runnel.engine;

/**
 * Answers a call, on the call's loop. Never blocks: what blocks belongs into a {@link
 * BlockingHandler}.
 */
@FunctionalInterface
public interface Handler {
  /**
   * Handles the call. Returning does not end it: the answer may come later, through the exchange,
   * from the loop. What it throws is turned into an error answer.
   */
  void handle(Exchange exchange) throws Exception;
}
