package dev.runnel.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.runnel.server.Eventually;
import dev.runnel.testing.http2.Frame;
import dev.runnel.testing.http2.RawBlock;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;

/**
 * HTTP/2 with prior knowledge. As with any client, all fields of a request but the first are in the
 * table of the connection.
 */
final class Http2Load implements Load {
  private static final byte[] PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII);
  private static final int CONNECTION_WINDOW = 1 << 30;

  /** The first byte of the block of a 200 (RFC 7541 6.1). */
  private static final int INDEXED_200 = 0x88;

  private final Socket socket;
  private final DataInputStream in;
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final byte[] block;
  private final byte[] body;
  private int stream = 1;

  Http2Load(int port, String method, String target, byte[] body) throws IOException {
    this.body = body;
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    socket.setSoTimeout((int) Eventually.PATIENCE.toMillis());
    in = new DataInputStream(new BufferedInputStream(socket.getInputStream(), 64 << 10));
    out.writeBytes(PREFACE);
    out.writeBytes(Frame.settings().encode());
    out.writeBytes(Frame.windowUpdate(0, CONNECTION_WINDOW).encode());
    int methodIndex = method.equals("GET") ? 2 : 3;
    RawBlock first = new RawBlock().indexed(methodIndex).indexed(6);
    first.indexing(1, "localhost:8080").indexing(4, target);
    RawBlock further = new RawBlock().indexed(methodIndex).indexed(6);
    if (body.length > 0) {
      first.indexing(28, Integer.toString(body.length));
      further.indexed(64);
    }
    block = further.indexed(63).indexed(62).build();
    request(first.build());
    send();
    take(1);
  }

  @Override
  public void burst(int requests) throws IOException {
    for (int i = 0; i < requests; i++) {
      request(block);
    }
    send();
    take(requests);
  }

  private void request(byte[] head) {
    out.writeBytes(Frame.headers(stream, body.length == 0, head).encode());
    if (body.length > 0) {
      out.writeBytes(Frame.data(stream, true, body).encode());
    }
    stream += 2;
  }

  private void send() throws IOException {
    out.writeTo(socket.getOutputStream());
    out.reset();
  }

  private void take(int answers) throws IOException {
    for (int ended = 0; ended < answers; ) {
      Frame frame = next();
      switch (frame.type()) {
        case Frame.HEADERS -> {
          if (Byte.toUnsignedInt(frame.payload()[0]) != INDEXED_200) {
            throw new IOException("not an answer of 200: " + frame);
          }
        }
        case Frame.SETTINGS -> {
          if (!frame.has(Frame.ACK)) {
            out.writeBytes(Frame.settingsAck().encode()); // leaves with the next request
          }
        }
        case Frame.RST_STREAM, Frame.GOAWAY -> throw new IOException("given up: " + frame);
        default -> {
          // content, or room for more of ours
        }
      }
      ended += frame.ends() ? 1 : 0;
    }
  }

  private Frame next() throws IOException {
    int start = in.readInt();
    int flags = in.readUnsignedByte();
    int id = in.readInt();
    byte[] payload = new byte[start >>> 8];
    in.readFully(payload);
    return new Frame(start & 0xff, flags, id, payload);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
