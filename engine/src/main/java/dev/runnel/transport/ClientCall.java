package dev.runnel.transport;

import dev.runnel.http.BodyWriter;
import dev.runnel.io.Loop;

/** A call under way, for the one who began it. On the connection's loop only. */
public interface ClientCall {
  /** The loop that everything here happens on. Any thread. */
  Loop loop();

  /**
   * The body of the request, where one was announced. It may be written at once, or when 100 came.
   * What is written after the call's end is dropped.
   */
  BodyWriter output();

  /**
   * The rest of the body will not be sent, but the answer is still wanted: the server did not wait
   * for it. Over HTTP/1.1 the connection ends with the call.
   */
  void abandonOutput();

  /**
   * Gives the call up at once: closes the connection over HTTP/1.1, resets the stream over HTTP/2.
   * Unless the call is over, its {@link CallEvents#failed}, or who reads its body, is told this.
   */
  void cancel(ClientException why);
}
