package dev.runnel.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.runnel.server.Eventually;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;

/**
 * HTTP/1.1 with as many headers as load generators send, and on demand with a number that makes
 * each head another one, as ids of traces do. All answers are of one length.
 */
final class Http1Load implements Load {
  private static final String LENGTH = "Content-Length: ";
  private static final String ID = "X-Request-Id: ";
  private static final int DIGITS = 8;

  private final Socket socket;
  private final byte[] request;
  private final byte[] taken = new byte[64 << 10];
  private byte[] burst = new byte[0];
  private final int idAt;
  private int answer;
  private int sent;

  Http1Load(int port, String method, String target, byte[] body, boolean numbered)
      throws IOException {
    String head = method + " " + target + " HTTP/1.1\r\nHost: localhost:8080\r\n";
    idAt = numbered ? head.length() + ID.length() : -1;
    head += numbered ? ID + "0".repeat(DIGITS) + "\r\n" : "";
    String length = body.length == 0 ? "" : LENGTH + body.length + "\r\n";
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes((head + length + "\r\n").getBytes(US_ASCII));
    bytes.writeBytes(body);
    request = bytes.toByteArray();
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout((int) Eventually.PATIENCE.toMillis());
    measureAnswer();
  }

  private void measureAnswer() throws IOException {
    socket.getOutputStream().write(request);
    int count = 0;
    int end = -1;
    while (end < 0) {
      int more = socket.getInputStream().read(taken, count, taken.length - count);
      if (more < 0) {
        throw new IOException("closed by the server");
      }
      count += more;
      end = new String(taken, 0, count, US_ASCII).indexOf("\r\n\r\n");
    }
    String head = new String(taken, 0, end + 2, US_ASCII);
    int from = head.indexOf(LENGTH) + LENGTH.length();
    answer = end + 4 + Integer.parseInt(head.substring(from, head.indexOf('\r', from)));
    take(count, answer);
    check(1);
  }

  @Override
  public void burst(int requests) throws IOException {
    if (burst.length != requests * request.length) {
      burst = new byte[requests * request.length];
      for (int i = 0; i < requests; i++) {
        System.arraycopy(request, 0, burst, i * request.length, request.length);
      }
    }
    for (int i = 0; idAt >= 0 && i < requests; i++) {
      number(i * request.length + idAt);
    }
    socket.getOutputStream().write(burst);
    take(0, requests * answer);
    check(requests);
  }

  private void number(int at) {
    int rest = ++sent;
    for (int i = at + DIGITS - 1; i >= at; i--) {
      burst[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
  }

  private void take(int from, int until) throws IOException {
    int missing = until - from;
    if (socket.getInputStream().readNBytes(taken, from, missing) < missing) {
      throw new IOException("closed by the server");
    }
  }

  private void check(int answers) throws IOException {
    for (int i = 0; i < answers; i++) {
      String start = new String(taken, i * answer, "HTTP/1.1 200 ".length(), US_ASCII);
      if (!start.equals("HTTP/1.1 200 ")) {
        throw new IOException("not an answer of 200: " + start);
      }
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
