package dev.runnel.engine.internal.h2;

import dev.runnel.engine.CancelCause;
import dev.runnel.engine.Limits;
import dev.runnel.engine.internal.exchange.ServerConnection;
import dev.runnel.engine.internal.h2.FrameSink.HeaderFrame;
import dev.runnel.engine.internal.h2.Patience.Wait;
import dev.runnel.http.Body;
import dev.runnel.http.Problem;
import dev.runnel.http.Response;
import dev.runnel.http.ResponseHead;
import dev.runnel.http.Status;
import org.jspecify.annotations.Nullable;

/** The server's end: streams are calls. */
final class Http2Server implements Role {
  private static final Loss REFUSED = Loss.of(CancelCause.CLIENT_GONE, "refused");

  private final ServerConnection caller;

  Http2Server(ServerConnection caller) {
    this.caller = caller;
  }

  @Override
  public boolean isClient() {
    return false;
  }

  @Override
  public void mayOpen(Http2Connection connection, int stream) throws Http2Error {
    if ((stream & 1) == 0) {
      throw Http2Error.connection(ErrorCode.PROTOCOL_ERROR, "HEADERS on even stream " + stream);
    }
  }

  @Override
  public void promise(
      Http2Connection connection, int stream, int promised, boolean tooLarge, HeaderFields fields) {
    throw new IllegalStateException("no frame of a client is read as a promise");
  }

  @Override
  public boolean asksForResets(int stream) {
    return false;
  }

  @Override
  public void settled(Http2Connection connection) {
    // what clients want is asked for when it matters
  }

  @Override
  public void peerGoesAway(Http2Connection connection, int last, long code) {
    connection.goAway().last("");
  }

  @Override
  public void drain(Http2Connection connection) {
    connection.goAway().drain();
  }

  @Override
  public Wait awaited(boolean head, boolean idle) {
    return head ? Wait.HEAD : idle ? Wait.REQUEST : Wait.NOTHING;
  }

  @Override
  public boolean readsAlways() {
    return false;
  }

  @Override
  public Loss gone(CancelCause cause) {
    return Loss.of(cause, "the connection is gone");
  }

  @Override
  public void quiet(Http2Connection connection) {
    // it waits for the next request
  }

  @Override
  public void ended() {
    // the calls were told one by one
  }

  @Override
  public void closed() {
    // nobody keeps it
  }

  @Override
  public void stepped() {
    // handlers are called within the step, last in each frame
  }

  @Override
  public void greet(Http2Connection connection) {
    Limits limits = connection.link().connection().endpoint().limits();
    connection.writer().settings(Settings.ofServer(connection.options(), limits.headerSection()));
    int more = connection.options().connectionWindow() - Settings.FIRST_WINDOW;
    if (more > 0) {
      connection.writer().windowUpdate(0, more);
    }
  }

  @Override
  public void open(Http2Connection connection, HeaderFrame block, HeaderFields fields)
      throws Http2Error {
    int id = block.stream();
    if (isFull(connection) || (!block.end() && !connection.budget().hasRoom())) {
      connection.streams().reset(id, ErrorCode.REFUSED_STREAM, REFUSED);
      connection.guard().charge(AbuseGuard.REFUSED, connection.context().now());
      return;
    }
    Refusal refusal = refusal(connection, block, fields);
    if (refusal != null && fields.flaw() == null) {
      refuse(connection, block, refusal);
      return;
    }
    Http2Head head = Http2Head.of(id, fields, block.end());
    ServerStream stream = new ServerStream(id, connection, caller, head, block.end());
    stream.priority = priority(connection, id, fields);
    stream.expectContinue(fields.expectsContinue() && !block.end());
    connection.streams().add(stream);
    connection.link().idle(false);
    closeBehindLast(connection, id);
    stream.start();
  }

  @Override
  public void refused(String reason) {
    caller.server().requestRejected(caller.remote(), Status.BAD_REQUEST, reason);
  }

  /** Calls whose stream was reset but whose code still runs count: the work is what is limited. */
  private boolean isFull(Http2Connection connection) {
    int running = connection.streams().size() + caller.cancelledButHeld();
    return running >= connection.options().concurrentStreams();
  }

  /** A client counts its streams for us; who leaves some out has had them all the same. */
  private static void closeBehindLast(Http2Connection connection, int id) {
    Limits limits = connection.link().connection().endpoint().limits();
    int most = limits.requestsPerConnection();
    if (most > 0 && (id + 1) / 2 >= most) {
      connection.goAway().last("no more requests on this connection");
    }
  }

  private static int priority(Http2Connection connection, int id, HeaderFields fields) {
    String early = connection.earlyPriority(id);
    String said = early != null ? early : fields.priority;
    return said == null ? Priority.DEFAULT : Priority.parse(said);
  }

  /** What is answered to a request that is well-formed, but not to be served. */
  private record Refusal(Status status, String reason) {}

  private static @Nullable Refusal refusal(
      Http2Connection connection, HeaderFrame block, HeaderFields fields) {
    Limits limits = connection.link().connection().endpoint().limits();
    Status tooLarge = Status.of(431);
    if (block.tooLarge()) {
      return new Refusal(
          tooLarge, "the header list is larger than the limit of " + limits.headerSection());
    }
    if (fields.areTooMany()) {
      return new Refusal(
          tooLarge, "there are more fields than the limit of " + limits.headerFields());
    }
    if (fields.path != null && fields.path.length() > limits.requestLine()) {
      return new Refusal(
          Status.of(414), "the target is longer than the limit of " + limits.requestLine());
    }
    if (fields.hasBadExpectation()) {
      return new Refusal(Status.of(417), "unknown expectation");
    }
    return null;
  }

  private void refuse(Http2Connection connection, HeaderFrame block, Refusal refusal) {
    caller.server().requestRejected(caller.remote(), refusal.status(), refusal.reason());
    Response response = Problem.of(refusal.status(), refusal.reason()).toResponse();
    RefusedStream stream = new RefusedStream(block.stream(), connection, block.end());
    connection.streams().add(stream);
    connection.link().idle(false);
    stream.answer(
        new ResponseHead(response.status(), response.headers()),
        ((Body.Whole) response.body()).bytes());
  }
}
