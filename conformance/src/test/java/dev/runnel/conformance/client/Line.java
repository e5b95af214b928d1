package dev.runnel.conformance.client;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** One connection of a client, as the thread that plays its server has it. */
class Line {
  /** A client that takes this much of a flood has no bound that would matter. */
  static final long ENDLESS = 64L << 20;

  private static final int PATIENCE_MILLIS = 20_000;

  final HostilePeer peer;
  final DataInputStream in;
  private final Socket socket;
  private final Socket below;
  private final OutputStream out;
  private final int number;
  private String head = "";
  private int requests;
  private boolean ended;

  /**
   * @param below what the connection ends with; another one than the socket under TLS
   * @param number 1 for the first connection of a peer
   */
  Line(HostilePeer peer, Socket socket, Socket below, int number) throws IOException {
    this.peer = peer;
    this.socket = socket;
    this.below = below;
    this.number = number;
    this.in = new DataInputStream(new BufferedInputStream(socket.getInputStream()));
    this.out = socket.getOutputStream();
    below.setTcpNoDelay(true);
    below.setSoTimeout(PATIENCE_MILLIS);
  }

  int number() {
    return number;
  }

  boolean isEnded() {
    return ended;
  }

  /** Nothing is to be asked any more. */
  void end() {
    ended = true;
  }

  // --- what the client sends ---

  /** Takes the head of the next request; false if the client has left instead. */
  boolean takeHead() throws IOException {
    StringBuilder text = new StringBuilder();
    while (text.length() < 4 || text.indexOf("\r\n\r\n", text.length() - 4) < 0) {
      int next = in.read();
      if (next < 0) {
        return false;
      }
      text.append((char) next);
    }
    head = text.toString();
    requests++;
    return true;
  }

  /** Whether it is the first request of this connection. */
  boolean isFirst() {
    return requests == 1;
  }

  /** The head of the request, as it came. */
  String head() {
    return head;
  }

  /** The target of the request. */
  String target() {
    return head.substring(head.indexOf(' ') + 1, head.indexOf(' ', head.indexOf(' ') + 1));
  }

  /** Takes the body of the request, where it has a Content-Length. */
  void takeBody() throws IOException {
    String lower = head.toLowerCase(Locale.ROOT);
    int at = lower.indexOf("\r\ncontent-length:");
    if (at >= 0) {
      int from = at + "\r\ncontent-length:".length();
      in.skipNBytes(Long.parseLong(head.substring(from, head.indexOf("\r\n", from)).strip()));
    }
  }

  // --- what the server sends ---

  void send(String text) throws IOException {
    send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  void send(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
    peer.sent(bytes.length);
  }

  /** Sends this past TLS. */
  void sendBelow(String text) throws IOException {
    below.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  void send(String head, byte[] body) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.writeBytes(head.getBytes(StandardCharsets.ISO_8859_1));
    all.writeBytes(body);
    send(all.toByteArray());
  }

  /** Sends each byte in a write of its own. */
  void trickle(String text) throws IOException {
    for (byte b : text.getBytes(StandardCharsets.ISO_8859_1)) {
      send(new byte[] {b});
    }
  }

  /** Sends this for as long as the client takes it, up to what counts as for ever. */
  void flood(byte[] piece) throws IOException {
    for (long sent = 0; sent < ENDLESS; sent += piece.length) {
      send(piece);
    }
    peer.flawed("a flood was taken whole by connection " + number);
  }

  void flood(String piece) throws IOException {
    String much = piece.repeat(Math.max(1, 4096 / piece.length()));
    flood(much.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Sends a byte every 20 ms for as long as the client is there. */
  void drip(String text) throws IOException {
    below.setSoTimeout(20);
    for (byte b : text.getBytes(StandardCharsets.ISO_8859_1)) {
      send(new byte[] {b});
      try {
        if (in.read() < 0) {
          return;
        }
      } catch (SocketTimeoutException e) {
        // it waits for the next byte
      }
    }
    peer.flawed("all of a slow answer was waited for");
  }

  // --- its end ---

  /** Waits until the client closes, whatever it still sends. */
  void stall() throws IOException {
    byte[] dropped = new byte[4096];
    int count = 0;
    while (count >= 0) {
      count = in.read(dropped);
    }
    ended = true;
  }

  /** Says that nothing more comes, and waits until the client closes. */
  void halfClose() throws IOException {
    socket.shutdownOutput();
    stall();
  }

  /** Ends it as a server does that has nothing to hide. */
  void close() throws IOException {
    ended = true;
    socket.close();
  }

  /** Ends it without what the layers above TCP would say. */
  void cut() throws IOException {
    ended = true;
    below.shutdownOutput();
    byte[] dropped = new byte[4096];
    int count = 0;
    while (count >= 0) {
      count = below.getInputStream().read(dropped);
    }
  }

  /** Ends it with RST. */
  void reset() throws IOException {
    ended = true;
    below.setSoLinger(true, 0);
    below.close();
  }

  void release() throws IOException {
    below.close();
  }
}
