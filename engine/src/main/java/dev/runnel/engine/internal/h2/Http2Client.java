package dev.runnel.engine.internal.h2;

import dev.runnel.engine.internal.exchange.ConnectionContext;
import dev.runnel.engine.internal.link.LinkLoss;
import dev.runnel.engine.internal.link.Machine;
import dev.runnel.engine.internal.link.SocketLink;
import dev.runnel.http.TlsInfo;
import dev.runnel.http.Version;
import dev.runnel.io.Loop;
import dev.runnel.transport.CallEvents;
import dev.runnel.transport.CallHead;
import dev.runnel.transport.ClientCall;
import dev.runnel.transport.ClientConnection;
import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientException.Reason;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The client's end of an HTTP/2 connection, as whoever keeps it sees it. What users are told is
 * told from here, when the machine's step is over.
 */
public final class Http2Client implements ClientConnection {
  private static final Logger LOG = LoggerFactory.getLogger("runnel.connection");

  /** Until the server has said how many it takes (RFC 9113 6.5.2 advises no fewer than 100). */
  private static final int FIRST_LIMIT = 100;

  private static final int FIRST_STREAM = 1;

  private final ConnectionContext context;
  private final Http2Connection machine;
  private final ClientRole role = new ClientRole(this);
  private final ArrayDeque<Runnable> news = new ArrayDeque<>(4);
  private final Deque<WaitingCall> waiting = new ArrayDeque<>(0);
  private @Nullable Listener listener;
  private volatile int callLimit;
  private volatile boolean usable = true;
  private boolean telling;
  private boolean scheduled;
  private boolean changed;
  private boolean closed;

  /**
   * A connection that was made; the machine has to be opened.
   *
   * @param context what the calls share
   */
  public Http2Client(SocketLink link, ConnectionContext context, Http2Loop shared) {
    this(link, context, shared, FIRST_STREAM);
  }

  /**
   * @param firstStream where the numbers begin
   */
  Http2Client(SocketLink link, ConnectionContext context, Http2Loop shared, int firstStream) {
    this.context = context;
    this.callLimit = Math.min(FIRST_LIMIT, context.endpoint().http2().concurrentStreams());
    this.machine = new Http2Connection(link, shared, role, firstStream);
  }

  /** What the link has to drive. */
  public Machine machine() {
    return machine;
  }

  /** Who is told of changes. Before the machine is opened. */
  public void keptBy(Listener keeper) {
    listener = keeper;
  }

  // --- what may be asked ---

  @Override
  public Loop loop() {
    return context.loop();
  }

  @Override
  public Version version() {
    return Version.HTTP_2;
  }

  @Override
  public SocketAddress remoteAddress() {
    return context.remote();
  }

  @Override
  public SocketAddress localAddress() {
    return context.local();
  }

  @Override
  public @Nullable TlsInfo tls() {
    return context.tls();
  }

  @Override
  public int callLimit() {
    return callLimit;
  }

  @Override
  public boolean isUsable() {
    return usable;
  }

  // --- calls ---

  @Override
  public ClientCall begin(CallHead head, CallEvents events) {
    checkLoop();
    RequestHeads.check(head);
    ClientException refusal = refusal(head);
    if (refusal == null && head.protocol() != null && !role.isSettled()) {
      WaitingCall call = new WaitingCall(this, head, events);
      waiting.add(call);
      return call;
    }
    return refusal != null ? refuse(head, events, refusal) : start(head, events);
  }

  private ClientCall refuse(CallHead head, CallEvents events, ClientException why) {
    WaitingCall call = new WaitingCall(this, head, events);
    call.refuse(why);
    return call;
  }

  /** Why this call cannot begin now, or null. */
  @Nullable ClientException refusal(CallHead head) {
    String call = RequestHeads.name(head);
    if (!usable) {
      LinkLoss loss = loss();
      return loss != null && loss.refused() // who dials again without end is refused for ever
          ? unprocessed(loss, call)
          : unprocessed(Reason.REFUSED, call + ": the connection takes no more calls");
    }
    if (machine.streams().own() + waiting.size() >= callLimit) {
      return unprocessed(
          Reason.REFUSED, call + ": the connection takes " + callLimit + " calls at a time");
    }
    long size = RequestHeads.listSize(head);
    if (size > machine.peer().headerList) {
      return unprocessed(
          Reason.TOO_LARGE,
          call
              + ": its header section counts "
              + size
              + " bytes, and the server takes "
              + machine.peer().headerList
              + " (SETTINGS_MAX_HEADER_LIST_SIZE)");
    }
    if (head.protocol() != null && role.isSettled() && !machine.peer().extendedConnect) {
      return unprocessed(
          Reason.NOT_UPGRADED,
          call
              + ": the server does not take "
              + head.protocol()
              + " over HTTP/2 (RFC 8441); use HTTP/1.1 for it");
    }
    return null;
  }

  /** Sends the head. */
  ClientCall start(CallHead head, CallEvents events) {
    role.greet(machine);
    int id = machine.streams().nextOwn();
    ClientStream stream = new ClientStream(id, machine, this, head, events);
    machine.streams().add(stream);
    machine.link().idle(false);
    stream.begin();
    if (!machine.streams().hasNextOwn()) {
      retire(); // RFC 9113 5.1.1: another connection has to begin anew
    }
    return stream;
  }

  /** The server has said what it takes: calls that waited for that begin, or do not. */
  void beginWaiting() {
    for (WaitingCall call = waiting.poll(); call != null; call = waiting.poll()) {
      ClientException refusal = refusal(call.head());
      if (refusal != null) {
        call.refuse(refusal);
      } else {
        call.begin();
      }
    }
  }

  private void refuseWaiting(ClientException why) {
    for (WaitingCall call = waiting.poll(); call != null; call = waiting.poll()) {
      call.refuse(why);
    }
  }

  /** Nobody wants it any more. */
  void forget(WaitingCall call) {
    boolean unused = waiting.remove(call);
  }

  private static ClientException unprocessed(Reason reason, String message) {
    return new ClientException(reason, message, true, null);
  }

  private static ClientException unprocessed(LinkLoss loss, String what) {
    return new ClientException(loss.reason(), what + ": " + loss.words(), true, loss.cause());
  }

  // --- the end ---

  /** What broke the connection, or null if nothing did that is known. */
  @Nullable LinkLoss loss() {
    return machine.link().loss();
  }

  @Override
  public void close() {
    checkLoop();
    retire();
  }

  /** Takes no more calls, and closes behind the last one. */
  void retire() {
    unusable();
    refuseWaiting(unprocessed(Reason.REFUSED, "the connection takes no more calls"));
    if (machine.isOpen() && machine.streams().isEmpty()) {
      machine.goAway().last("");
    }
  }

  @Override
  public void closeNow(ClientException why) {
    checkLoop();
    refuseWaiting(why);
    if (machine.isOpen()) {
      machine.cancel(Loss.with(why));
    }
  }

  /** The machine has come to its end; calls that wait were never sent. */
  void ended() {
    unusable();
    String what = "the connection ended before it was used";
    LinkLoss loss = loss();
    refuseWaiting(
        loss == null ? unprocessed(Reason.CONNECTION_LOST, what) : unprocessed(loss, what));
  }

  private void unusable() {
    if (usable) {
      usable = false;
      changed();
    }
  }

  void limit(int calls) {
    if (callLimit != calls) {
      callLimit = calls;
      changed();
    }
  }

  private void changed() {
    if (!changed) {
      changed = true;
      news(this::tellChanged);
    }
  }

  private void tellChanged() {
    changed = false;
    Listener keeper = listener;
    if (keeper != null) {
      keeper.changed(this);
    }
  }

  /** The link is closed. */
  void closed() {
    closed = true;
    schedule();
  }

  // --- telling ---

  /** Something is to be told when the step is over. */
  void news(Runnable item) {
    news.add(item);
    if (!machine.isStepping()) {
      schedule();
    }
  }

  private void schedule() {
    if (!scheduled && !telling) {
      scheduled = true;
      loop().execute(this::tellLater);
    }
  }

  private void tellLater() {
    scheduled = false;
    tell();
  }

  /** Tells all there is; calls first, then the keeper, and that it is closed last. */
  void tell() {
    if (telling || (news.isEmpty() && !closed)) {
      return;
    }
    telling = true;
    try {
      for (Runnable next = news.poll(); next != null; next = news.poll()) {
        guard(next);
      }
    } finally {
      telling = false;
    }
    Listener keeper = listener;
    if (closed && keeper != null) {
      listener = null; // once
      guard(() -> keeper.closed(this));
    }
  }

  private void guard(Runnable item) {
    try {
      item.run();
    } catch (Throwable e) {
      LOG.error("code that was told of the connection to {} failed", context.remote(), e);
    }
  }

  private void checkLoop() {
    if (!loop().inLoop()) {
      throw new IllegalStateException(
          "a connection belongs to its loop, but was touched from "
              + Thread.currentThread().getName()
              + ": use loop().execute");
    }
  }
}
