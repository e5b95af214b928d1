package dev.runnel.client;

import dev.runnel.http.BodyReader;
import dev.runnel.http.BodyWriter;
import dev.runnel.http.Headers;
import dev.runnel.http.ResponseHead;
import dev.runnel.http.Status;
import dev.runnel.http.TlsInfo;
import dev.runnel.http.Version;
import dev.runnel.io.Bytes;
import dev.runnel.io.Loop;
import dev.runnel.transport.CallEvents;
import dev.runnel.transport.CallHead;
import dev.runnel.transport.ClientCall;
import dev.runnel.transport.ClientConnection;
import dev.runnel.transport.ClientException;
import dev.runnel.transport.ClientException.Reason;
import dev.runnel.transport.ClientTransport;
import dev.runnel.transport.Destination;
import dev.runnel.transport.Dialing;
import dev.runnel.transport.TransportOptions;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Connections whose servers the test plays, on one manual loop. */
final class ScriptedTransport implements ClientTransport {
  final ManualLoop loop = new ManualLoop();
  final List<Dial> dials = new ArrayList<>();
  final List<Connection> connections = new ArrayList<>();
  int callLimit = 1;
  boolean opensAtOnce = true;
  boolean closed;

  /** Throws where a head cannot be sent as it is. */
  Consumer<CallHead> check = head -> {};

  /** The call begun last, on whichever connection. */
  @Nullable Call newest;

  /** A connection that was asked for. */
  final class Dial {
    final Destination to;
    final Times times;
    private final Dialing dialing;
    boolean cancelled;

    Dial(Destination to, Times times, Dialing dialing) {
      this.to = to;
      this.times = times;
      this.dialing = dialing;
    }

    Connection open() {
      Connection connection = new Connection(to, callLimit);
      connections.add(connection);
      loop.execute(() -> connection.listener = dialing.opened(connection));
      loop.run();
      return connection;
    }

    void fail(ClientException error) {
      loop.execute(() -> dialing.failed(error));
      loop.run();
    }
  }

  @Override
  public Loop loop() {
    return loop;
  }

  @Override
  public boolean isLoop() {
    return loop.inLoop();
  }

  @Override
  public TransportOptions options() {
    return TransportOptions.DEFAULT;
  }

  @Override
  public Dialing.Handle dial(Destination to, Loop where, Times times, Dialing dialing) {
    Dial dial = new Dial(to, times, dialing);
    dials.add(dial);
    if (opensAtOnce) {
      loop.execute(
          () -> {
            if (!dial.cancelled) {
              Connection connection = new Connection(to, callLimit);
              connections.add(connection);
              connection.listener = dialing.opened(connection);
            }
          });
    }
    return () -> dial.cancelled = true;
  }

  @Override
  public CompletableFuture<Void> closeAsync() {
    closed = true;
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public void close() {
    closed = true;
  }

  /** The connection made last. */
  Connection last() {
    return connections.get(connections.size() - 1);
  }

  /** One connection, with the calls begun on it. */
  final class Connection implements ClientConnection {
    final Destination to;
    final List<Call> calls = new ArrayList<>();
    ClientConnection.@Nullable Listener listener;
    int limit;
    boolean usable = true;
    boolean closeAsked;
    boolean gone;

    Connection(Destination to, int limit) {
      this.to = to;
      this.limit = limit;
    }

    Call call() {
      return calls.get(calls.size() - 1);
    }

    /** The connection breaks. */
    void lose() {
      loop.execute(
          () -> {
            usable = false;
            gone = true;
            List.copyOf(calls)
                .forEach(c -> c.fail(new ClientException(Reason.CONNECTION_LOST, "lost")));
            if (listener != null) {
              listener.changed(this);
              listener.closed(this);
            }
          });
      loop.run();
    }

    void changed() {
      loop.execute(
          () -> {
            if (listener != null) {
              listener.changed(this);
            }
          });
      loop.run();
    }

    @Override
    public Loop loop() {
      return loop;
    }

    @Override
    public Version version() {
      return limit > 1 ? Version.HTTP_2 : Version.HTTP_1_1;
    }

    @Override
    public SocketAddress remoteAddress() {
      return InetSocketAddress.createUnresolved(to.host(), to.port());
    }

    @Override
    public SocketAddress localAddress() {
      return InetSocketAddress.createUnresolved("local", 0);
    }

    @Override
    public @Nullable TlsInfo tls() {
      return null;
    }

    @Override
    public int callLimit() {
      return limit;
    }

    @Override
    public boolean isUsable() {
      return usable;
    }

    @Override
    public ClientCall begin(CallHead head, CallEvents events) {
      check.accept(head);
      Call call = new Call(this, head, events);
      calls.add(call);
      newest = call;
      return call;
    }

    @Override
    public void close() {
      closeAsked = true;
      usable = false;
      if (calls.stream().allMatch(c -> c.over)) {
        gone = true;
        if (listener != null) {
          listener.closed(this);
        }
      }
    }

    @Override
    public void closeNow(ClientException why) {
      usable = false;
      gone = true;
      List.copyOf(calls).forEach(c -> c.fail(why));
      if (listener != null) {
        listener.closed(this);
      }
    }
  }

  /** A call, as its server sees it. */
  final class Call implements ClientCall, BodyWriter, BodyReader {
    final Connection connection;
    final CallHead head;
    final List<String> sent = new ArrayList<>();
    private final CallEvents events;
    private final Deque<Bytes> coming = new ArrayDeque<>();
    private boolean inputEnds;
    private @Nullable RuntimeException broken;
    private @Nullable Runnable reader;
    private @Nullable Runnable writer;
    private boolean answered;
    boolean writable = true;
    boolean outputEnded;
    boolean abandoned;
    @Nullable ClientException cancelled;
    boolean over;

    Call(Connection connection, CallHead head, CallEvents events) {
      this.connection = connection;
      this.head = head;
      this.events = events;
    }

    // --- the server ---

    void informational(int status) {
      loop.execute(() -> events.informational(new ResponseHead(Status.of(status), Headers.EMPTY)));
      loop.run();
    }

    void answer(int status, String... headers) {
      loop.execute(
          () -> {
            answered = true;
            events.head(new ResponseHead(Status.of(status), Headers.of(headers)), this);
          });
      loop.run();
    }

    void body(String text) {
      loop.execute(
          () -> {
            coming.add(Bytes.utf8(text));
            wake();
          });
      loop.run();
    }

    void finish() {
      loop.execute(
          () -> {
            inputEnds = true;
            wake();
            end(true);
          });
      loop.run();
    }

    /** A whole answer at once. */
    void whole(int status, String text, String... headers) {
      loop.execute(
          () -> {
            answered = true;
            if (!text.isEmpty()) {
              coming.add(Bytes.utf8(text));
            }
            inputEnds = true;
            events.head(new ResponseHead(Status.of(status), Headers.of(headers)), this);
            if (coming.isEmpty()) {
              end(true);
            }
          });
      loop.run();
    }

    void fail(ClientException error) {
      if (over) {
        return;
      }
      if (!answered) {
        events.failed(error);
      } else if (!ended()) {
        broken = error;
        wake();
      }
      end(true);
    }

    void room() {
      writable = true;
      Runnable waiting = writer;
      writer = null;
      if (waiting != null) {
        loop.execute(waiting);
      }
      loop.run();
    }

    private void wake() {
      Runnable waiting = reader;
      reader = null;
      if (waiting != null) {
        waiting.run();
      }
    }

    private void end(boolean now) {
      if (!over && now) {
        over = true;
        events.ended();
        if (connection.closeAsked && connection.listener != null) {
          connection.gone = true;
          connection.listener.closed(connection);
        }
      }
    }

    // --- the client's call ---

    @Override
    public BodyWriter output() {
      return this;
    }

    @Override
    public void abandonOutput() {
      abandoned = true;
    }

    @Override
    public void cancel(ClientException why) {
      if (over) {
        return;
      }
      cancelled = why;
      if (head.protocol() == null && connection.limit == 1) {
        connection.usable = false;
      }
      fail(why);
      if (connection.limit == 1 && connection.listener != null) {
        connection.gone = true;
        connection.listener.closed(connection);
      }
    }

    // --- its body ---

    @Override
    public boolean write(Bytes bytes) {
      sent.add(bytes.utf8());
      return writable;
    }

    @Override
    public void commit() {
      // the head is sent
    }

    @Override
    public void onWritable(Runnable once) {
      if (writable) {
        loop.execute(once);
      } else {
        writer = once;
      }
    }

    @Override
    public void end(Headers trailers) {
      outputEnded = true;
    }

    // --- the answer's ---

    @Override
    public @Nullable Bytes poll() {
      Bytes next = coming.poll();
      if (next == null && broken != null) {
        throw broken;
      }
      if (coming.isEmpty() && inputEnds && !over) {
        loop.execute(() -> end(true));
      }
      return next;
    }

    @Override
    public boolean ended() {
      return inputEnds && coming.isEmpty();
    }

    @Override
    public void onReady(Runnable once) {
      if (!coming.isEmpty() || inputEnds || broken != null) {
        loop.execute(once);
      } else {
        reader = once;
      }
    }

    @Override
    public void cancel() {
      if (!ended()) {
        cancel(new ClientException(Reason.CANCELLED, "the body is not wanted"));
      }
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
}
