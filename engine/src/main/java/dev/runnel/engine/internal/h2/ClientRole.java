package dev.runnel.engine.internal.h2;

import dev.runnel.engine.CancelCause;
import dev.runnel.engine.Http2Options;
import dev.runnel.engine.internal.h2.FrameSink.HeaderFrame;
import dev.runnel.engine.internal.h2.Patience.Wait;
import dev.runnel.engine.internal.link.LinkLoss;
import dev.runnel.transport.CallHead;
import org.jspecify.annotations.Nullable;

/** The client's end: streams are what we ask for, or what the server promises. */
final class ClientRole implements Role {
  private static final Loss NO_ROOM =
      Loss.of(CancelCause.CLIENT_GONE, "no room for a promised answer");

  private final Http2Client client;
  private boolean greeted;
  private boolean settled;
  private long goAwayCode;

  ClientRole(Http2Client client) {
    this.client = client;
  }

  @Override
  public boolean isClient() {
    return true;
  }

  /** Preface, SETTINGS and a wider window (RFC 9113 3.4); with the first call or before it. */
  @Override
  public void greet(Http2Connection connection) {
    if (greeted) {
      return;
    }
    greeted = true;
    Http2Options options = connection.options();
    int listLimit = connection.link().connection().endpoint().limits().headerSection();
    connection.writer().preface();
    connection.writer().settings(Settings.ofClient(options, listLimit));
    int more = options.connectionWindow() - Settings.FIRST_WINDOW;
    if (more > 0) {
      connection.writer().windowUpdate(0, more);
    }
  }

  /** Whether the server has said what it takes. */
  boolean isSettled() {
    return settled;
  }

  @Override
  public void settled(Http2Connection connection) throws Http2Error {
    if (connection.peer().push) { // RFC 9113 6.5.2
      throw Http2Error.connection(ErrorCode.PROTOCOL_ERROR, "SETTINGS_ENABLE_PUSH of a server");
    }
    settled = true;
    long taken = connection.peer().concurrentStreams;
    client.limit((int) Math.min(taken, connection.options().concurrentStreams()));
    client.beginWaiting();
  }

  @Override
  public void peerGoesAway(Http2Connection connection, int last, long code) {
    goAwayCode = code;
    for (Http2Stream stream : connection.streams().all()) {
      if (connection.streams().isOwn(stream.id) && stream.id > last) {
        connection.streams().lose(stream, Loss.behindGoAway(code));
      }
    }
    client.retire();
  }

  @Override
  public Loss gone(CancelCause cause) {
    String what = "the server closed the connection before the answer was whole";
    boolean said = goAwayCode != ErrorCode.NO_ERROR.code();
    LinkLoss loss = client.loss();
    if (loss != null && !said) { // what was said before it broke says more
      return Loss.broken(loss, what);
    }
    return said ? Loss.goneWith(goAwayCode, what + ", by GOAWAY") : Loss.of(cause, what);
  }

  // --- streams of the server's ---

  @Override
  public void mayOpen(Http2Connection connection, int stream) throws Http2Error {
    if (connection.streams().isIdle(stream)) {
      throw broken("HEADERS on idle stream " + stream);
    }
  }

  @Override
  public void open(Http2Connection connection, HeaderFrame block, HeaderFields fields) {
    throw new IllegalStateException("a server opens no stream by HEADERS");
  }

  @Override
  public void promise(
      Http2Connection connection, int id, int promised, boolean tooLarge, HeaderFields fields)
      throws Http2Error {
    Streams streams = connection.streams();
    Http2Stream asking = streams.get(id);
    checkPlace(streams, id, asking);
    if (streams.isOwn(promised) || !streams.isIdle(promised)) {
      throw broken("PUSH_PROMISE of stream " + promised + ", which is not free (RFC 9113 5.1.1)");
    }
    streams.opened(promised);
    boolean full = streams.size() - streams.own() >= connection.options().pushes();
    if (!(asking instanceof ClientStream asked) || full || tooLarge || !client.isUsable()) {
      streams.reset(promised, ErrorCode.REFUSED_STREAM, NO_ROOM);
      connection.guard().charge(AbuseGuard.REFUSED, connection.context().now());
      return;
    }
    Http2Head head = Http2Head.of(promised, fields, true);
    String flaw = RequestHeads.promiseFlaw(head, asked.head());
    if (flaw != null) {
      throw Http2Error.stream(promised, ErrorCode.PROTOCOL_ERROR, flaw);
    }
    ClientStream made = new ClientStream(promised, connection, client, headOf(head, asked.head()));
    streams.add(made);
    made.awaitPromised();
    asked.news().promised(made);
  }

  /** RFC 9113 6.6: on a stream of ours that we still listen to, or have just reset. */
  private static void checkPlace(Streams streams, int id, @Nullable Http2Stream asking)
      throws Http2Error {
    boolean open = asking != null && asking.state().receives();
    boolean late = asking == null && !streams.isIdle(id) && streams.isResetByUs(id);
    if (!streams.isOwn(id) || !(open || late)) {
      throw broken("PUSH_PROMISE on stream " + id + ", where none may be (RFC 9113 6.6)");
    }
  }

  private static CallHead headOf(Http2Head promised, CallHead asked) {
    return new CallHead(
        promised.method(),
        asked.scheme(),
        asked.authority(),
        promised.target(),
        null,
        promised.headers().without("host"),
        0,
        asked.times());
  }

  private static Http2Error broken(String message) {
    return Http2Error.connection(ErrorCode.PROTOCOL_ERROR, message);
  }

  @Override
  public void refused(String reason) {
    // a promise that was malformed; nobody waits for it
  }

  /** Each costs a request of ours. */
  @Override
  public boolean asksForResets(int stream) {
    return (stream & 1) == 1;
  }

  // --- the connection ---

  @Override
  public void drain(Http2Connection connection) {
    client.retire();
  }

  /** Calls have limits of their own, and how long one is kept idle is up to its keeper. */
  @Override
  public Wait awaited(boolean head, boolean idle) {
    return Wait.NOTHING;
  }

  @Override
  public boolean readsAlways() {
    return true;
  }

  @Override
  public void quiet(Http2Connection connection) {
    if (!client.isUsable()) {
      connection.goAway().last("");
    }
  }

  @Override
  public void ended() {
    client.ended();
  }

  @Override
  public void closed() {
    client.closed();
  }

  @Override
  public void stepped() {
    client.tell();
  }
}
