package dev.runnel.conformance.client;

import java.io.IOException;
import java.net.Socket;

/** What a server of HTTP/1.1 does with its connections. */
record Http1Line(Script script) implements HostilePeer.Protocol {
  /** How it answers, once the head of a request is there. */
  @FunctionalInterface
  interface Script {
    void play(Line line) throws IOException;
  }

  @Override
  public void serve(HostilePeer peer, Socket socket, Socket below, int number) throws IOException {
    Line line = new Line(peer, socket, below, number);
    while (!line.isEnded() && line.takeHead()) {
      if (peer.behaves()) {
        line.takeBody();
        line.send(good(number));
      } else {
        script.play(line);
      }
    }
  }

  /** A whole answer that leaves nothing to doubt. */
  static String good(int number) {
    return "HTTP/1.1 200 OK\r\n"
        + HostilePeer.NUMBER
        + ": "
        + number
        + "\r\nContent-Length: 4\r\n\r\ngood";
  }
}
