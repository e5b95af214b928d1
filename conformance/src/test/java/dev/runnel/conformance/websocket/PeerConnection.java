package dev.runnel.conformance.websocket;

import dev.runnel.http.BodyReader;
import dev.runnel.http.BodyWriter;
import dev.runnel.http.Headers;
import dev.runnel.http.RawConnection;
import dev.runnel.http.ResponseHead;
import dev.runnel.http.Status;
import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import dev.runnel.testing.Peer;
import dev.runnel.ws.WsClientHandshake;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a peer of bytes has as a connection for our own end of a session, after a handshake of the
 * test's own. Bytes that came are looked for in each {@link #turn()}.
 */
final class PeerConnection implements RawConnection {
  private static final String END = "\r\n\r\n";

  private final Peer peer;
  private final Loop loop;
  private final Input input = new Input();
  private final Output output = new Output();

  PeerConnection(Peer peer, Loop loop) {
    this.peer = peer;
    this.loop = loop;
  }

  /** Asks for a session, and gives the head of the answer. */
  static ResponseHead ask(Peer peer, String path, WsClientHandshake handshake, boolean http2) {
    StringBuilder text = new StringBuilder("GET " + path + " HTTP/1.1\r\nHost: a\r\n");
    if (http2) {
      text.append("Connection: Upgrade\r\nUpgrade: websocket\r\n"); // as the peer writes :protocol
    }
    handshake
        .requestFields()
        .forEach((name, value) -> text.append(name).append(": ").append(value).append("\r\n"));
    peer.send(text.append("\r\n").toString());
    return head(peer.take(END));
  }

  private static ResponseHead head(String text) {
    List<String> lines = text.lines().filter(line -> !line.isEmpty()).toList();
    Headers headers = Headers.EMPTY;
    for (String line : lines.subList(1, lines.size())) {
      int colon = line.indexOf(':');
      headers = headers.with(line.substring(0, colon), line.substring(colon + 1).strip());
    }
    return new ResponseHead(Status.of(Integer.parseInt(lines.get(0).substring(9, 12))), headers);
  }

  /** Lets whoever reads look again. */
  void turn() {
    Runnable waiting = input.waker;
    input.waker = null;
    if (waiting != null) {
      waiting.run();
    }
  }

  @Override
  public BodyReader input() {
    return input;
  }

  @Override
  public BodyWriter output() {
    return output;
  }

  @Override
  public void close() {
    peer.close();
  }

  @Override
  public void reset() {
    peer.vanish();
  }

  @Override
  public SocketAddress remoteAddress() {
    return InetSocketAddress.createUnresolved("a", 80);
  }

  private final class Input implements BodyReader {
    private @Nullable Runnable waker;
    private boolean ended;

    @Override
    public @Nullable Bytes poll() {
      boolean over = peer.isOver(); // asked first: what came before it must not be missed
      byte[] bytes = peer.takeBytes();
      ended = over && bytes.length == 0;
      return bytes.length == 0 ? null : Bytes.copyOf(bytes);
    }

    @Override
    public boolean ended() {
      return ended;
    }

    @Override
    public void onReady(Runnable once) {
      waker = once;
    }

    @Override
    public Headers trailers() {
      return Headers.EMPTY;
    }

    @Override
    public long length() {
      return -1;
    }

    @Override
    public Loop loop() {
      return loop;
    }
  }

  private final class Output implements BodyWriter {
    @Override
    public boolean write(Bytes bytes) {
      peer.send(bytes.toByteArray());
      return true;
    }

    @Override
    public void commit() {}

    @Override
    public void onWritable(Runnable once) {
      throw new IllegalStateException("there is always room");
    }

    @Override
    public void end(Headers trailers) {
      throw new AssertionError("a client leaves it to the server to close first");
    }

    @Override
    public Loop loop() {
      return loop;
    }
  }
}
