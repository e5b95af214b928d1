package dev.runnel.engine.internal.netty;

import dev.runnel.engine.CancelCause;
import dev.runnel.engine.internal.link.LinkLoss;
import dev.runnel.engine.internal.link.Machine;
import dev.runnel.http.TlsInfo;
import dev.runnel.http.Version;
import dev.runnel.io.Loop;
import dev.runnel.transport.CallEvents;
import dev.runnel.transport.CallHead;
import dev.runnel.transport.ClientCall;
import dev.runnel.transport.ClientConnection;
import dev.runnel.transport.ClientException;
import io.netty.buffer.ByteBuf;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Speaks no protocol: sends and gathers bytes, and remembers what it is told. */
final class BareMachine implements Machine, ClientConnection {
  private final NettyLink link;
  private final Version version;
  private final List<String> pieces = new CopyOnWriteArrayList<>();
  private final List<String> log = new CopyOnWriteArrayList<>();
  private volatile Listener listener;

  private BareMachine(NettyLink link, Version version) {
    this.link = link;
    this.version = version;
  }

  static ClientMachines.Made make(NettyLink link, Version version) {
    BareMachine machine = new BareMachine(link, version);
    return new ClientMachines.Made(machine, machine, keeper -> machine.listener = keeper);
  }

  /** What came, and how it ended. */
  String text() {
    return String.join("", pieces);
  }

  List<String> log() {
    return log;
  }

  boolean isTruncated() {
    return !link.isInputWhole();
  }

  LinkLoss loss() {
    return link.loss();
  }

  /** From any thread. */
  void send(String bytes) {
    link.connection()
        .loop()
        .execute(
            () -> {
              link.out().writeCharSequence(bytes, StandardCharsets.ISO_8859_1);
              link.wrote();
            });
  }

  /** Sends all, then closes our half. */
  void endOutput() {
    link.connection().loop().execute(link::shutdownOutput);
  }

  @Override
  public void opened() {
    if (listener == null) {
      throw new AssertionError("opened before anybody keeps it");
    }
    log.add("opened");
    link.reading(true);
  }

  @Override
  public void received(ByteBuf in) {
    pieces.add(in.toString(StandardCharsets.ISO_8859_1));
    in.release();
  }

  @Override
  public void inputEnded() {
    log.add("input ended");
  }

  @Override
  public void writable() {}

  @Override
  public void timedOut() {}

  @Override
  public void drain() {
    link.closeNow();
  }

  @Override
  public void closeIfIdle() {
    link.closeNow();
  }

  @Override
  public void cancel(CancelCause cause) {
    log.add("cancelled " + cause);
    link.closeNow();
  }

  @Override
  public void closed() {
    log.add("closed");
    if (listener != null) {
      listener.closed(this);
    }
  }

  @Override
  public Loop loop() {
    return link.connection().loop();
  }

  @Override
  public Version version() {
    return version;
  }

  @Override
  public SocketAddress remoteAddress() {
    return link.connection().remote();
  }

  @Override
  public SocketAddress localAddress() {
    return link.connection().local();
  }

  @Override
  public TlsInfo tls() {
    return link.connection().tls();
  }

  @Override
  public int callLimit() {
    return 1;
  }

  @Override
  public boolean isUsable() {
    return true;
  }

  @Override
  public ClientCall begin(CallHead head, CallEvents events) {
    throw new AssertionError("it speaks no protocol");
  }

  @Override
  public void close() {
    loop().execute(link::closeAfterFlush);
  }

  @Override
  public void closeNow(ClientException why) {
    log.add("closed now: " + why.reason());
    loop().execute(link::closeNow);
  }
}
