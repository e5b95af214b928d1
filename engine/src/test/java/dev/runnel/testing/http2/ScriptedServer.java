package dev.runnel.testing.http2;

import dev.runnel.engine.Http2Options;
import dev.runnel.engine.Limits;
import dev.runnel.engine.Timeouts;
import dev.runnel.engine.internal.exchange.ConnectionContext;
import dev.runnel.engine.internal.exchange.LoopContext;
import dev.runnel.engine.internal.h2.Http2Client;
import dev.runnel.engine.internal.h2.Http2Loop;
import dev.runnel.http.Headers;
import dev.runnel.http.Method;
import dev.runnel.io.Bytes;
import dev.runnel.testing.FakeLink;
import dev.runnel.testing.TestEndpoint;
import dev.runnel.testing.VirtualLoop;
import dev.runnel.transport.CallHead;
import dev.runnel.transport.ClientConnection;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A server that sends the frames it is told to, and the client that it is for, in memory under
 * virtual time. All that the client sends is held against its rules ({@link ClientWatch}). Closing
 * is the leak check.
 */
public final class ScriptedServer implements AutoCloseable {
  private static final byte[] PREFACE = ScriptedPeer.PREFACE.getBytes(StandardCharsets.US_ASCII);
  private static final CallHead.Times TIMES =
      new CallHead.Times(Duration.ofSeconds(20), Duration.ofSeconds(15));

  private final VirtualLoop loop = new VirtualLoop();
  private final TestEndpoint endpoint;
  private final FakeLink link;
  private final Http2Client client;
  private final FrameParser parser = new FrameParser();
  private final HeaderCoder coder = new HeaderCoder();
  private final ClientWatch watch = new ClientWatch();
  private final FrameLog log = new FrameLog();
  private final List<Arrival> arrived = new ArrayList<>();
  private final List<Heard> calls = new ArrayList<>();
  private final List<String> keeper = new ArrayList<>();
  private final ByteArrayOutputStream first = new ByteArrayOutputStream();
  private final ByteArrayOutputStream block = new ByteArrayOutputStream();
  private boolean watching = true;
  private @Nullable Frame begun;

  /** With the defaults of a client. */
  public ScriptedServer() {
    this(Http2Options.DEFAULT);
  }

  /** With these options of the client. */
  public ScriptedServer(Http2Options options) {
    this(options, Limits.DEFAULT.withHeaders(64 << 10, 200));
  }

  /** With these options and limits of the client. */
  public ScriptedServer(Http2Options options, Limits limits) {
    endpoint = new TestEndpoint(limits, Timeouts.DEFAULT, options);
    ConnectionContext context =
        new ConnectionContext(
            new LoopContext(loop, endpoint, Duration.ZERO),
            InetSocketAddress.createUnresolved("server.test", 443),
            InetSocketAddress.createUnresolved("client.test", 50_000),
            false);
    link = new FakeLink(context);
    client = new Http2Client(link, context, new Http2Loop(limits));
    link.drive(client.machine());
    client.keptBy(
        new ClientConnection.Listener() {
          @Override
          public void changed(ClientConnection connection) {
            keeper.add("changed " + connection.isUsable() + " " + connection.callLimit());
          }

          @Override
          public void closed(ClientConnection connection) {
            keeper.add("closed");
          }
        });
  }

  // --- beginning ---

  /** Opens the connection, and exchanges SETTINGS (identifiers and values in turn). */
  public ScriptedServer connect(int... settings) {
    return open().send(Frame.settings(settings), Frame.settingsAck()).settle();
  }

  /** Opens the connection; the server says nothing yet. */
  public ScriptedServer open() {
    client.machine().opened();
    return settle();
  }

  /** Forgets the client's SETTINGS, acknowledgements and window updates. */
  private ScriptedServer settle() {
    run();
    arrived.removeIf(
        a -> a.frame().type() == Frame.SETTINGS || a.frame().type() == Frame.WINDOW_UPDATE);
    return this;
  }

  // --- calls ---

  /** A GET. */
  public Heard get(String path) {
    return call(head(Method.GET, path, 0));
  }

  /** A POST of so many bytes, -1 when that is not known. */
  public Heard post(String path, long length) {
    return call(head(Method.POST, path, length));
  }

  /** Begins a call. */
  public Heard call(CallHead head) {
    return call(head, new Heard());
  }

  /** Begins a call that tells this. */
  public Heard call(CallHead head, Heard heard) {
    begin(head, heard);
    run();
    return heard;
  }

  /** Begins a call, and lets nothing happen yet. */
  public Heard begin(CallHead head, Heard heard) {
    calls.add(heard);
    heard.begun(client.begin(head, heard));
    return heard;
  }

  /** The head of a call to the authority "a". */
  public static CallHead head(Method method, String target, long length, String... fields) {
    return new CallHead(method, "http", "a", target, null, Headers.of(fields), length, TIMES);
  }

  /** The head of an extended CONNECT. */
  public static CallHead webSocket(String target) {
    return new CallHead(Method.CONNECT, "http", "a", target, "websocket", Headers.EMPTY, 0, TIMES);
  }

  /** Writes a piece of a body. */
  public boolean write(Heard heard, String text) {
    boolean more =
        heard.call().output().write(Bytes.copyOf(text.getBytes(StandardCharsets.ISO_8859_1)));
    run();
    return more;
  }

  // --- sending ---

  /** Sends frames in one read of the client's. */
  public ScriptedServer send(Frame... frames) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (Frame frame : frames) {
      watch.sent(frame);
      log.sent(frame.toString());
      out.writeBytes(frame.encode());
    }
    return sendBytes(out.toByteArray());
  }

  /** Sends frames in pieces that have nothing to do with them. */
  public ScriptedServer sendSplit(Random random, int longest, List<Frame> frames) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (Frame frame : frames) {
      watch.sent(frame);
      log.sent(frame.toString());
      out.writeBytes(frame.encode());
    }
    byte[] all = out.toByteArray();
    for (int at = 0; at < all.length; ) {
      int until = Math.min(all.length, at + 1 + random.nextInt(longest));
      sendBytes(Arrays.copyOfRange(all, at, until));
      at = until;
    }
    return this;
  }

  /** Sends frames byte by byte. */
  public ScriptedServer trickle(Frame... frames) {
    for (Frame frame : frames) {
      watch.sent(frame);
      for (byte b : frame.encode()) {
        sendBytes(new byte[] {b});
      }
    }
    return this;
  }

  /** Sends bytes that need not be frames. */
  public ScriptedServer sendBytes(byte[] bytes) {
    link.receive(bytes);
    run();
    return this;
  }

  /** The head of an answer. */
  public static Frame answer(int stream, boolean end, int status, String... fields) {
    RawBlock head = new RawBlock().literal(":status", Integer.toString(status));
    return Frame.headers(stream, end, head.block(RawBlock.of(fields)).build());
  }

  /** A promise of a GET. */
  public static Frame promise(int stream, int promised, String method, String path, String from) {
    byte[] fields =
        RawBlock.of(":method", method, ":scheme", "http", ":path", path, ":authority", from);
    return Frame.pushPromise(stream, promised, fields);
  }

  // --- what happens ---

  /** Runs all that is ready, and looks at what the client sent. */
  public ScriptedServer run() {
    loop.run();
    byte[] bytes = link.take();
    while (bytes.length > 0) {
      came(bytes);
      loop.run();
      bytes = link.take();
    }
    return this;
  }

  /** Lets time pass. */
  public ScriptedServer advance(Duration duration) {
    loop.advance(duration);
    return run();
  }

  private void came(byte[] bytes) {
    byte[] frames = bytes;
    if (first.size() < PREFACE.length) {
      int missing = Math.min(PREFACE.length - first.size(), bytes.length);
      first.write(bytes, 0, missing);
      frames = Arrays.copyOfRange(bytes, missing, bytes.length);
      if (!Arrays.equals(first.toByteArray(), Arrays.copyOf(PREFACE, first.size()))) {
        throw new AssertionError("no preface: " + first);
      }
    }
    parser.add(frames);
    for (Frame frame = parser.next(); frame != null; frame = parser.next()) {
      came(frame);
    }
  }

  private void came(Frame frame) {
    Frame head = begun;
    if (head != null) {
      block.writeBytes(frame.payload());
      begun = frame.has(Frame.END_HEADERS) ? null : head;
      if (begun == null) {
        arrived(head, false);
      }
      return;
    }
    boolean trailers = frame.type() == Frame.HEADERS && watch.isOpened(frame.stream());
    try {
      if (watching) {
        watch.came(frame);
      }
    } catch (AssertionError e) {
      throw new AssertionError(e.getMessage() + "; the frames were:" + log, e);
    }
    if (frame.type() == Frame.HEADERS) {
      block.reset();
      block.writeBytes(frame.content());
      begun = frame.has(Frame.END_HEADERS) ? null : frame;
      if (begun == null) {
        arrived(frame, trailers);
      }
    } else {
      log.received(frame.toString());
      arrived.add(new Arrival(frame, List.of()));
    }
  }

  private void arrived(Frame head, boolean trailers) {
    Arrival arrival = new Arrival(head, coder.decode(head.stream(), block.toByteArray()));
    log.received(arrival.toString());
    ClientWatch.fields(arrival, trailers);
    arrived.add(arrival);
  }

  // --- expectations ---

  /** Takes the first frame of this type on this stream that was not taken. */
  public Arrival expect(int type, int stream) {
    Arrival found = poll(a -> a.frame().type() == type && a.stream() == stream);
    if (found == null) {
      throw new AssertionError(
          "expected " + FrameText.type(type) + " on " + stream + "; the frames were:" + log);
    }
    return found;
  }

  /** Takes RST_STREAM with this code. */
  public ScriptedServer expectReset(int stream, int code) {
    Arrival found = expect(Frame.RST_STREAM, stream);
    if (found.frame().code() != code) {
      throw new AssertionError("another code than " + ErrorCode.name(code) + ": " + found);
    }
    return this;
  }

  /** Takes GOAWAY with this code. */
  public ScriptedServer expectGoAway(int code) {
    Arrival found = expect(Frame.GOAWAY, 0);
    if (found.frame().code() != code) {
      throw new AssertionError("another code than " + ErrorCode.name(code) + ": " + found);
    }
    return this;
  }

  /** Takes a frame, or gives null. */
  public @Nullable Arrival poll(Predicate<Arrival> wanted) {
    for (Arrival next : arrived) {
      if (wanted.test(next)) {
        arrived.remove(next);
        return next;
      }
    }
    return null;
  }

  /** Fails if the client sent a frame of this type that was not taken. */
  public ScriptedServer expectNo(int type) {
    Arrival found = poll(a -> a.frame().type() == type);
    if (found != null) {
      throw new AssertionError("not expected: " + found + "; the frames were:" + log);
    }
    return this;
  }

  /** How many frames of this type wait to be taken. */
  public long count(int type) {
    return arrived.stream().filter(a -> a.frame().type() == type).count();
  }

  /** All DATA of a stream that was not taken, as text. */
  public String data(int stream) {
    StringBuilder all = new StringBuilder();
    for (Arrival next = data0(stream); next != null; next = data0(stream)) {
      all.append(next.text());
      if (next.ends()) {
        all.append('$');
      }
    }
    return all.toString();
  }

  private @Nullable Arrival data0(int stream) {
    return poll(a -> a.frame().type() == Frame.DATA && a.stream() == stream);
  }

  // --- parts ---

  /** Whether the test counts as another thread. */
  public void loopLeft(boolean elsewhere) {
    loop.left(elsewhere);
  }

  /** What is under test. */
  public Http2Client client() {
    return client;
  }

  public FakeLink link() {
    return link;
  }

  /** What the keeper was told. */
  public List<String> keeper() {
    return keeper;
  }

  /** Bytes that were received and nobody took. */
  public long held() {
    return endpoint.held();
  }

  /** What was sent both ways. */
  public String log() {
    return log.toString();
  }

  /** Does not judge what the client sends: after the server has broken all rules. */
  public ScriptedServer unwatched() {
    watching = false;
    return this;
  }

  /** Fails if anything is left behind. */
  @Override
  public void close() {
    link.lose();
    run();
    coder.close();
    for (Heard call : calls) {
      String broken = call.broken();
      if (broken != null) {
        throw new AssertionError(broken + "; the frames were:" + log);
      }
    }
    boolean ended = calls.stream().allMatch(Heard::isEnded);
    boolean promised = calls.stream().flatMap(c -> c.promises().stream()).allMatch(Heard::isEnded);
    boolean last = !keeper.isEmpty() && keeper.indexOf("closed") == keeper.size() - 1;
    if (!ended || !promised || !last || link.heldBuffers() != 0 || endpoint.held() != 0) {
      throw new AssertionError(
          "left behind: "
              + link.heldBuffers()
              + " buffers, "
              + endpoint.held()
              + " bytes held, keeper "
              + keeper
              + ", calls "
              + calls.stream().map(Heard::told).toList()
              + "; the frames were:"
              + log);
    }
  }
}
