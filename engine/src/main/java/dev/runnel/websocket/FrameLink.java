package dev.runnel.websocket;

import dev.runnel.engine.CallCancelledException;
import dev.runnel.engine.CallLife;
import dev.runnel.engine.SendQueue;
import dev.runnel.http.BodyReader;
import dev.runnel.http.RawConnection;
import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import dev.runnel.transport.ClientException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An end of a WebSocket session, the server's or the client's, whatever version of HTTP carries it
 * (RFC 6455, RFC 8441): messages out and in with back-pressure both ways; pings, pongs, limits and
 * the closing handshake happen under it. Belongs to the loop of its call, and to nobody else.
 *
 * <p>Reading is pulled: one message, or {@link FrameOptions#readAhead()} bytes, are read before
 * somebody asks, then the peer is held back; its pings and its Close wait with it.
 */
public final class FrameLink {
  private static final int PART = 16 << 10;

  /**
   * What goes into a decompressor at a time while nobody waits: it may give a thousand times it.
   */
  private static final int SIP = 1 << 10;

  private enum Demand {
    /** Nobody waits. */
    NONE,
    /** Somebody waits for a whole message. */
    MESSAGE,
    /** Somebody waits for any part of one. */
    PART
  }

  private final Role role;
  private final CallLife call;
  private final BodyReader in;
  private final FrameOptions options;
  private final @Nullable PayloadCodec codec;
  private final Framing framing;
  private final Closing closing;
  private final SendQueue queue;
  private final FrameHead head;
  private final Assembly assembly;
  private final Liveness liveness;
  private final Chunk chunk = new Chunk();
  private final byte[] control = new byte[Frames.MAX_CONTROL];
  private int controlSize;
  private long frameRest;
  private int frameKey;
  private Demand demand = Demand.NONE;
  private @Nullable Runnable waker;
  private boolean pumping;
  private boolean pumpAgain;
  private boolean awaitsInput;
  private boolean readsOnLater;
  private @Nullable RuntimeException loss;
  private final Runnable readOn = this::readOn;

  /**
   * A session on a connection that was just taken over.
   *
   * @param role which end of it we are
   * @param call the call that it was asked for by; held until the connection is closed, and
   *     cancelled with {@link Role#peerGone()} if the peer vanishes
   * @param connection what carries the frames
   * @param codec what was negotiated to be done to payloads, or null; closed with the session
   * @param onClosed told once, on the loop, when the session is closed or lost (1006)
   */
  public FrameLink(
      Role role,
      CallLife call,
      RawConnection connection,
      FrameOptions options,
      @Nullable PayloadCodec codec,
      Consumer<CloseReason> onClosed) {
    this.role = role;
    this.call = call;
    this.in = connection.input();
    this.options = options;
    this.codec = codec;
    this.framing = Framing.of(role);
    this.head = new FrameHead(role == Role.SERVER, codec != null);
    this.assembly = new Assembly(codec);
    this.queue = new SendQueue(connection.output(), options.patience(), this::tooSlow);
    this.closing =
        new Closing(role, call, connection, queue, options.closeWithin(), onClosed, this::over);
    this.liveness = new Liveness(call.loop(), options, this::wantsMore, this::ping, this::lost);
  }

  /** Begins to read. To be called once, last: what it reads may end the session at once. */
  public void start() {
    call.onCancel(cause -> lost());
    call.onStop(() -> close(CloseReason.of(CloseReason.GOING_AWAY)));
    liveness.start();
    pump();
  }

  /** Which end of the session this is. */
  public Role role() {
    return role;
  }

  /** The loop that everything here happens on. */
  public Loop loop() {
    return call.loop();
  }

  // --- receiving ---

  /**
   * The next whole message, or null if there is none now; then either {@link #isEnded()}, or {@link
   * #onReady} tells when to ask again.
   */
  public @Nullable Message poll() {
    assembly.skipBegun();
    demand(Demand.MESSAGE); // which refuses one that was read unasked and is too large
    if (!assembly.isComplete()) {
      return null;
    }
    Message message = assembly.take();
    readOnLater();
    return message;
  }

  /**
   * The next part of a message as it comes, or null if there is none now. A message that was begun
   * so and is then asked for with {@link #poll()} is skipped to its end.
   */
  public @Nullable Part pollPart() {
    Part part = assembly.takePart();
    if (part == null) {
      demand(Demand.PART);
      part = assembly.takePart();
    }
    if (part != null) {
      readOnLater();
    }
    return part;
  }

  /**
   * What stands behind a message is looked at when the message was handled, if that is done at
   * once: the answer to it could not be sent any more behind our answer to a Close.
   */
  private void readOnLater() {
    demand = Demand.NONE;
    assembly.limit(Integer.MAX_VALUE); // see demand()
    if (!readsOnLater) {
      readsOnLater = true;
      loop().execute(readOn);
    }
  }

  private void readOn() {
    readsOnLater = false;
    pump();
  }

  /** Whether nothing more will come: the peer has said Close, or is gone. */
  public boolean isEnded() {
    return !closing.mayReceive() && !assembly.isComplete() && assembly.size() == 0;
  }

  /** Runs the task once, on the loop, when polling gives something or the end. */
  public void onReady(Runnable once) {
    if (hasNews()) {
      loop().execute(once);
    } else {
      waker = once;
    }
  }

  private boolean hasNews() {
    boolean part = demand == Demand.PART && assembly.size() > 0;
    return assembly.isComplete() || part || !closing.mayReceive();
  }

  /** Nobody will ask any more: what still comes is dropped, so that the peer's Close is seen. */
  public void discard() {
    assembly.discardAll();
    pump();
  }

  private void demand(Demand asked) {
    demand = asked;
    try {
      // Unasked, a message may grow as far as the read-ahead: it may yet be read in parts.
      assembly.limit(asked == Demand.MESSAGE ? options.maxMessage() : Integer.MAX_VALUE);
      if (asked == Demand.MESSAGE && frameRest > 0 && !head.isControl()) {
        assembly.announce(frameRest);
      }
    } catch (FrameError e) {
      assembly.refuse();
      closing.fail(e.reason());
    }
    pump();
  }

  private void pump() {
    if (pumping) {
      pumpAgain = true;
      return;
    }
    pumping = true;
    try {
      do {
        pumpAgain = false;
        read();
      } while (pumpAgain);
    } catch (FrameError e) {
      closing.fail(e.reason());
    } catch (CallCancelledException | ClientException e) {
      lost(e);
    } finally {
      pumping = false;
    }
    wake();
  }

  private void wake() {
    Runnable woken = waker;
    if (woken != null && hasNews()) {
      waker = null;
      woken.run();
    }
  }

  private void read() {
    while (wantsMore()) {
      if (chunk.isEmpty() && !refill()) {
        return;
      }
      advance();
    }
  }

  private boolean wantsMore() {
    if (!closing.mayReceive() || assembly.isComplete()) {
      return false;
    }
    return switch (demand) {
      case MESSAGE -> true;
      case PART -> assembly.size() < PART;
      case NONE -> assembly.size() < options.readAhead();
    };
  }

  private boolean refill() {
    Bytes next = in.poll();
    if (next != null) {
      liveness.received();
      chunk.set(next);
      return true;
    }
    chunk.clear(); // an idle session holds no buffer
    if (in.ended()) {
      lost();
    } else if (!awaitsInput) {
      awaitsInput = true;
      in.onReady(this::inputReady);
    }
    return false;
  }

  private void inputReady() {
    awaitsInput = false;
    if (closing.mayReceive()) {
      pump();
    } else {
      closing.inputReady();
    }
  }

  private void advance() {
    if (head.isComplete()) {
      payload();
    } else if (head.read(chunk)) {
      beginFrame();
    }
  }

  private void beginFrame() {
    frameRest = head.length();
    frameKey = head.key();
    if (head.isControl()) {
      controlSize = 0;
    } else {
      assembly.begin(head);
      assembly.announce(frameRest);
    }
    if (frameRest == 0) {
      payload();
    }
  }

  private void payload() {
    int count = (int) Math.min(frameRest, chunk.size());
    if (head.isControl()) {
      chunk.unmask(control, controlSize, count, frameKey);
      controlSize += count;
    } else {
      if (assembly.isCompressed() && demand != Demand.MESSAGE) {
        count = Math.min(count, SIP);
      }
      assembly.add(chunk, count, frameKey, frameRest, head.isLast());
    }
    frameKey = Integer.rotateLeft(frameKey, 8 * count);
    frameRest -= count;
    if (frameRest == 0) {
      endFrame();
    }
  }

  private void endFrame() {
    head.reset();
    if (head.isControl()) {
      control();
    }
  }

  private void control() {
    switch (head.opcode()) {
      case Frames.PING -> {
        liveness.pinged();
        Bytes payload = Bytes.copyOf(control, 0, controlSize);
        queue.urgent(framing.frame(Frames.FIN | Frames.PONG, payload));
      }
      case Frames.CLOSE -> closing.received(CloseReason.parse(control, controlSize));
      default -> {
        // a pong: that something was received is all it says
      }
    }
  }

  // --- sending ---

  /** Whether messages can still be sent. */
  public boolean isOpen() {
    return closing.isOpen();
  }

  /** What waits for the peer; for who sends frames that were made before, such as a hub. */
  public SendQueue queue() {
    return queue;
  }

  /**
   * What this session sends for a frame that was made for many by {@link Frames#of}: of a server
   * the frame itself; of a client a copy under a mask, since what is shared stays as it is.
   */
  public Bytes own(Bytes frame) {
    return sharesFrames() ? frame : Frames.masked(frame, MaskKeys.next());
  }

  /** Whether {@link #own} gives frames as they are. */
  public boolean sharesFrames() {
    return role == Role.SERVER;
  }

  /**
   * Sends a message if that can be done at once, and says whether it did.
   *
   * @throws WsClosed if the session is closed
   */
  public boolean offer(Message message) {
    requireOpen();
    return queue.isFree() && queue.offer(encode(message.isText(), message.bytes()));
  }

  /**
   * A message that is sent with {@link SendQueue#send} of {@link #queue()}; it is compressed when
   * its turn has come.
   *
   * @param sent told what became of it
   * @throws WsClosed if the session is closed
   */
  public SendQueue.Message message(Message message, Sent sent) {
    requireOpen();
    return new Outgoing(message, sent, this::encode);
  }

  /**
   * A message in parts: {@link Sent#room()} says when the first may go, {@link OutgoingParts#more}
   * whether another may. Other messages wait for its end. It is not compressed.
   *
   * @throws WsClosed if the session is closed
   */
  public OutgoingParts parts(boolean isText, Sent sent) {
    requireOpen();
    return new OutgoingParts(framing, isText, sent);
  }

  private void requireOpen() {
    if (!closing.isOpen()) {
      throw new WsClosed(closing.reason());
    }
  }

  private Bytes encode(boolean isText, Bytes payload) {
    int first = Frames.FIN | Frames.opcode(isText);
    if (codec != null && codec.compresses(payload.length())) {
      return framing.frame(first | Frames.RSV1, codec.compress(payload, true));
    }
    return framing.frame(first, payload);
  }

  /** Later, where something was sent that is not even taken. */
  private void ping() {
    queue.onRoom(
        () -> {
          try {
            queue.urgent(framing.frame(Frames.FIN | Frames.PING, Bytes.EMPTY));
            liveness.asked();
          } catch (CallCancelledException | ClientException e) {
            lost(e);
          }
        });
  }

  private void tooSlow() {
    closing.fail(new CloseReason(CloseReason.POLICY_VIOLATION, "too slow"));
  }

  // --- the end ---

  /**
   * Says Close and waits for the peer's, which ends what can be received; the connection is closed
   * when it came, or after {@link FrameOptions#closeWithin()}. Does nothing if a Close was said.
   *
   * @throws IllegalArgumentException if the code cannot be sent
   */
  public void close(CloseReason reason) {
    closing.close(reason.requireSendable());
    pump();
  }

  /** Says Close and closes the connection, without a look at anything more of the peer. */
  public void fail(CloseReason reason) {
    closing.fail(reason.requireSendable());
    wake();
  }

  /** Why it was closed; null while it is open. */
  public @Nullable CloseReason closed() {
    return closing.isOpen() ? null : closing.reason();
  }

  /** Drops the connection at once, without a Close: for who has lost all interest. */
  public void drop() {
    closing.lost();
    wake();
  }

  /** What the connection was lost by, if it said so; null otherwise. */
  public @Nullable RuntimeException loss() {
    return loss;
  }

  private void lost(RuntimeException by) {
    if (loss == null) {
      loss = by;
    }
    lost();
  }

  private void lost() {
    if (closing.isOpen()) {
      // First of all: who waits shall not take the end of what it reads for an orderly one.
      call.cancel(role.peerGone());
    }
    closing.lost();
    wake();
  }

  /** Nothing more is received and nothing sent. */
  private void over() {
    liveness.stop();
    chunk.clear();
    assembly.abandonBegun();
    if (codec != null) {
      codec.close();
    }
    if (!pumping) {
      wake();
    }
  }
}
