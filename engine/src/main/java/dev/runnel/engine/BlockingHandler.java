package dev.runnel.engine;

import dev.runnel.http.Request;
import dev.runnel.http.Response;

/** Answers a call in blocking code: on a virtual thread (JDK 21+) or a thread of a bounded pool. */
@FunctionalInterface
public interface BlockingHandler {
  /** The answer. */
  Response handle(Request request) throws Exception;
}
