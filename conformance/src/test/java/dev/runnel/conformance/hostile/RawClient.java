package dev.runnel.conformance.hostile;

import dev.runnel.server.Eventually;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/**
 * A blocking client that knows bytes and next to no HTTP, cheap enough to be had by the thousand.
 */
final class RawClient implements AutoCloseable {
  private static final int TIMEOUT_MILLIS = (int) Eventually.PATIENCE.toMillis();
  private static final String LENGTH = "\r\nContent-Length: ";

  private final Socket socket = new Socket();
  private final byte[] buffer = new byte[8 << 10];

  RawClient(int port) throws IOException {
    this(port, 0);
  }

  /**
   * @param receiveBuffer what the kernel takes in for a client that does not read; 0 for its choice
   */
  RawClient(int port, int receiveBuffer) throws IOException {
    if (receiveBuffer > 0) {
      socket.setReceiveBufferSize(receiveBuffer);
    }
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), TIMEOUT_MILLIS);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(TIMEOUT_MILLIS);
  }

  void send(String text) throws IOException {
    send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  void halfClose() throws IOException {
    socket.shutdownOutput();
  }

  /** Takes what is there, at most a buffer full; -1 at the end. */
  int take() throws IOException {
    return socket.getInputStream().read(buffer);
  }

  /**
   * Sends a request and takes the answer that has a Content-Length; less if the connection ends.
   */
  String ask(String request) {
    StringBuilder answer = new StringBuilder();
    try {
      send(request);
      for (int count = take(); count >= 0; count = take()) {
        answer.append(new String(buffer, 0, count, StandardCharsets.ISO_8859_1));
        if (isWhole(answer)) {
          break;
        }
      }
    } catch (IOException e) {
      // what came before it counts
    }
    return answer.toString();
  }

  private static boolean isWhole(StringBuilder answer) {
    int end = answer.indexOf("\r\n\r\n");
    int at = answer.indexOf(LENGTH);
    if (end < 0 || at < 0) {
      return false;
    }
    int from = at + LENGTH.length();
    int length = Integer.parseInt(answer.substring(from, answer.indexOf("\r\n", from)));
    return answer.length() == end + 4 + length;
  }

  /** Takes all until the server closes; a reset is an end like any other. */
  String takeAll() {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try {
      InputStream in = socket.getInputStream();
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        all.write(buffer, 0, count);
      }
    } catch (IOException e) {
      // what came before it counts
    }
    return all.toString(StandardCharsets.ISO_8859_1);
  }

  /** Vanishes with a reset. */
  void reset() throws IOException {
    if (!socket.isClosed()) {
      socket.setSoLinger(true, 0);
      socket.close();
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
