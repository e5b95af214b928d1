package dev.runnel.conformance.client;

import dev.runnel.testing.http2.ErrorCode;
import dev.runnel.testing.http2.Frame;
import dev.runnel.testing.http2.RawBlock;
import dev.runnel.testing.http2.ScriptedPeer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A connection of a client that speaks HTTP/2, frame by frame. */
final class Http2Line extends Line {
  private static final byte[] PREFACE = ScriptedPeer.PREFACE.getBytes(StandardCharsets.US_ASCII);

  private final List<String> refusals;

  private Http2Line(Server server, HostilePeer peer, Socket socket, Socket below, int number)
      throws IOException {
    super(peer, socket, below, number);
    this.refusals = server.refusals;
  }

  /** How a stream is answered, once its head is there. */
  @FunctionalInterface
  interface Script {
    void play(Http2Line line, int stream) throws IOException;
  }

  /** How a connection begins, once its preface is there. */
  @FunctionalInterface
  interface Greeting {
    void play(Http2Line line) throws IOException;
  }

  /** What a server of HTTP/2 does with its connections. */
  static final class Server implements HostilePeer.Protocol {
    private final Greeting greeting;
    private final Script script;
    private final List<String> refusals = new CopyOnWriteArrayList<>();

    Server(Greeting greeting, Script script) {
      this.greeting = greeting;
      this.script = script;
    }

    /** The errors that clients told: {@code RST_STREAM CANCEL}, {@code GOAWAY PROTOCOL_ERROR}. */
    List<String> refusals() {
      return refusals;
    }

    @Override
    public void serve(HostilePeer peer, Socket socket, Socket below, int number)
        throws IOException {
      Http2Line line = new Http2Line(this, peer, socket, below, number);
      line.takePreface();
      if (peer.behaves()) {
        line.send(Frame.settings());
      } else {
        greeting.play(line);
      }
      while (!line.isEnded()) {
        Frame next = line.next();
        if (next.type() == Frame.HEADERS && peer.behaves()) {
          line.good(next.stream());
        } else if (next.type() == Frame.HEADERS) {
          script.play(line, next.stream());
        }
      }
    }
  }

  private void takePreface() throws IOException {
    byte[] came = in.readNBytes(PREFACE.length);
    if (!Arrays.equals(came, PREFACE)) {
      peer.flawed("no preface: " + new String(came, StandardCharsets.ISO_8859_1));
    }
  }

  /** The next frame; SETTINGS and PING are answered. */
  Frame next() throws IOException {
    int first = in.readInt();
    int length = first >>> 8;
    int flags = in.readUnsignedByte();
    int stream = in.readInt();
    Frame frame = new Frame(first & 0xff, flags, stream, in.readNBytes(length));
    switch (frame.type()) {
      case Frame.SETTINGS -> {
        if (!frame.has(Frame.ACK)) {
          send(Frame.settingsAck());
        }
      }
      case Frame.PING -> {
        if (!frame.has(Frame.ACK)) {
          send(Frame.pong(frame.payload()));
        }
      }
      case Frame.RST_STREAM -> refusals.add("RST_STREAM " + ErrorCode.name(frame.code()));
      case Frame.GOAWAY -> refusals.add("GOAWAY " + ErrorCode.name(frame.code()));
      default -> {
        // for whoever asked
      }
    }
    return frame;
  }

  /** Takes frames until there is one of this type. */
  Frame next(int type) throws IOException {
    Frame frame = next();
    while (frame.type() != type) {
      frame = next();
    }
    return frame;
  }

  /** Takes frames until the client closes; what it says meanwhile counts. */
  @Override
  void stall() throws IOException {
    end();
    while (true) {
      Frame unused = next();
    }
  }

  // --- sending ---

  void send(Frame... frames) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (Frame frame : frames) {
      all.writeBytes(frame.encode());
    }
    send(all.toByteArray());
  }

  void flood(Frame frame) throws IOException {
    byte[] one = frame.encode();
    ByteArrayOutputStream many = new ByteArrayOutputStream();
    do {
      many.writeBytes(one);
    } while (many.size() < 4096);
    try {
      flood(many.toByteArray());
    } catch (IOException e) {
      // what it had to say may be here all the same
    }
    stall();
  }

  void good(int stream) throws IOException {
    send(
        head(stream, false, "200", "x-connection", Integer.toString(number())),
        Frame.data(stream, true, "good"));
  }

  /** The head of an answer. */
  static Frame head(int stream, boolean end, String status, String... fields) {
    byte[] block = new RawBlock().literal(":status", status).block(RawBlock.of(fields)).build();
    return Frame.headers(stream, end, block);
  }
}
