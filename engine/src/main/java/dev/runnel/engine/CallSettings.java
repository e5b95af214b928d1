package dev.runnel.engine;

/** What a route or filter may set for one call, on its loop, before the body is read. */
public interface CallSettings {
  /**
   * The most bytes that {@code bytes()}, {@code text()}, {@code json()} and {@code form()} hold; 1
   * MiB unless the server or route sets another.
   *
   * @throws IllegalArgumentException if negative
   */
  void bufferedBodyLimit(long bytes);

  /** The limit in force for buffered reads, in bytes. */
  long bufferedBodyLimit();

  /**
   * The most bytes a streaming read may give; without limit unless set.
   *
   * @throws IllegalArgumentException if negative
   */
  void bodyLimit(long bytes);

  /**
   * Sets what {@link dev.runnel.http.Request#id()} gives from here on: an id that a proxy in front
   * chose, already checked.
   */
  default void requestId(String id) {}

  /** What a FIN of the client means for this call. */
  void onClientFin(ClientFin policy);

  /** What a FIN means to a handler that has not handed over its answer. */
  enum ClientFin {
    /** The client left: cancel. */
    CANCEL,
    /** The client only closed its half and waits for the answer. */
    CONTINUE
  }
}
