package dev.runnel.benchmarks.bench;

import java.util.Locale;

/**
 * How load is made: by which program, over how many connections.
 *
 * @param streams over each connection of HTTP/2
 * @param bodyBytes of each request
 * @param atOnceCount requests sent at once over HTTP/1.1
 * @param mode of our own client
 */
record Load(
    Tool tool,
    boolean tls,
    int connections,
    int streams,
    int bodyBytes,
    int atOnceCount,
    String mode) {
  enum Tool {
    WRK,
    H2LOAD,
    HANDSHAKES,
    OWN
  }

  static Load wrk(int connections) {
    return new Load(Tool.WRK, false, connections, 1, 0, 1, "");
  }

  static Load h2load(boolean tls, int connections, int streams) {
    return new Load(Tool.H2LOAD, tls, connections, streams, 0, 1, "");
  }

  static Load handshakes(int processes) {
    return new Load(Tool.HANDSHAKES, true, processes, 1, 0, 1, "");
  }

  static Load own(String mode, int connections) {
    return new Load(Tool.OWN, false, connections, 1, 0, 1, mode);
  }

  Load post(int bytes) {
    return new Load(tool, tls, connections, streams, bytes, atOnceCount, mode);
  }

  Load atOnce(int requests) {
    return new Load(tool, tls, connections, streams, bodyBytes, requests, mode);
  }

  /** In words, for who sees a figure of it. */
  String shape() {
    String all = String.format(Locale.ROOT, "%,d connections", connections);
    if (streams > 1) {
      return all + ", " + streams + " streams on each";
    }
    return atOnceCount > 1 ? all + ", " + atOnceCount + " requests at once on each" : all;
  }
}
