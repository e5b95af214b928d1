package dev.runnel.conformance.hostile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * WebSocket clients that take numbered messages of one size as fast as they come, and check that
 * none is missing, doubled or out of place: all on one thread.
 */
final class FrameReaders implements AutoCloseable {
  /** How the payload of a message begins. */
  static final int DIGITS = 8;

  private static final int FRAME_HEAD = 4;
  private static final String HEAD_END = "\r\n\r\n";

  private final int frameSize;
  private final AtomicIntegerArray counts;
  private final Reader[] readers;
  private final Queue<String> surprises = new ConcurrentLinkedQueue<>();
  private final Selector selector;
  private final Thread thread;
  private volatile boolean closed;

  /** Where one of them is in what it gets. */
  private static final class Reader {
    final StringBuilder httpHead = new StringBuilder();
    final byte[] start = new byte[FRAME_HEAD + DIGITS];
    boolean inSession;
    int inFrame;
  }

  /**
   * @param request what each of them sends
   * @param payload bytes of each message, 126 to 65,535
   */
  FrameReaders(int port, int clients, String request, int payload) throws IOException {
    frameSize = FRAME_HEAD + payload;
    counts = new AtomicIntegerArray(clients);
    readers = new Reader[clients];
    selector = Selector.open();
    InetSocketAddress server = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
    for (int i = 0; i < clients; i++) {
      readers[i] = new Reader();
      SocketChannel channel = SocketChannel.open(server);
      channel.write(ByteBuffer.wrap(request.getBytes(StandardCharsets.ISO_8859_1)));
      channel.configureBlocking(false);
      channel.register(selector, SelectionKey.OP_READ, i);
    }
    thread = new Thread(this::read, "frame-readers");
    thread.start();
  }

  /** Whether each of them got so many messages. */
  boolean have(int messages) {
    for (int i = 0; i < counts.length(); i++) {
      if (counts.get(i) < messages) {
        return false;
      }
    }
    return true;
  }

  /** What came and should not have. */
  Queue<String> surprises() {
    return surprises;
  }

  private void read() {
    ByteBuffer buffer = ByteBuffer.allocate(64 << 10);
    try {
      while (!closed) {
        selector.select(key -> take(key, buffer));
      }
      for (SelectionKey key : selector.keys()) {
        key.channel().close();
      }
      selector.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void take(SelectionKey key, ByteBuffer buffer) {
    int client = (Integer) key.attachment();
    try {
      buffer.clear();
      if (((SocketChannel) key.channel()).read(buffer) < 0) {
        surprises.add(client + ": the end");
        key.cancel();
      }
    } catch (IOException e) {
      surprises.add(client + ": " + e);
      key.cancel();
    }
    buffer.flip();
    while (buffer.hasRemaining()) {
      if (readers[client].inSession) {
        frames(client, readers[client], buffer);
      } else {
        httpHead(client, readers[client], (char) buffer.get());
      }
    }
  }

  private void httpHead(int client, Reader reader, char next) {
    reader.httpHead.append(next);
    if (next == '\n' && reader.httpHead.indexOf(HEAD_END) >= 0) {
      reader.inSession = true;
      if (!reader.httpHead.toString().startsWith("HTTP/1.1 101 ")) {
        surprises.add(client + ": " + reader.httpHead);
      }
    }
  }

  private void frames(int client, Reader reader, ByteBuffer buffer) {
    if (reader.inFrame < reader.start.length) {
      reader.start[reader.inFrame++] = buffer.get();
      if (reader.inFrame == reader.start.length) {
        check(client, reader.start);
      }
    } else {
      int count = Math.min(buffer.remaining(), frameSize - reader.inFrame);
      buffer.position(buffer.position() + count);
      reader.inFrame += count;
      if (reader.inFrame == frameSize) {
        reader.inFrame = 0;
        counts.incrementAndGet(client);
      }
    }
  }

  private void check(int client, byte[] start) {
    int length = (start[2] & 0xff) << 8 | (start[3] & 0xff);
    String digits = new String(start, FRAME_HEAD, DIGITS, StandardCharsets.US_ASCII);
    boolean right =
        start[0] == (byte) 0x81
            && start[1] == 126
            && length == frameSize - FRAME_HEAD
            && digits.equals(digits(counts.get(client) + 1));
    if (!right) {
      surprises.add(client + ": " + digits + " behind " + counts.get(client));
    }
  }

  /** How the message of this number begins. */
  static String digits(int number) {
    return String.format("%0" + DIGITS + "d", number);
  }

  @Override
  public void close() {
    closed = true;
    selector.wakeup();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
