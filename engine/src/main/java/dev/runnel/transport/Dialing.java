package dev.runnel.transport;

/** Who wants a connection. Told on the loop that it was asked for, one of both, once. */
public interface Dialing {
  /**
   * It is there.
   *
   * @return who keeps it
   */
  ClientConnection.Listener opened(ClientConnection connection);

  /** It did not come about; the error is {@link ClientException#isUnprocessed unprocessed}. */
  void failed(ClientException error);

  /** A way to say that a connection is not wanted any more. */
  @FunctionalInterface
  interface Handle {
    /** Gives up; nobody is told, and a connection that comes all the same is closed. Any thread. */
    void cancel();
  }
}
