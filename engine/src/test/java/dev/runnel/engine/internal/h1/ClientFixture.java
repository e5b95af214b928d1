package dev.runnel.engine.internal.h1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.engine.Limits;
import dev.runnel.engine.internal.netty.MemoryWire;
import dev.runnel.http.Headers;
import dev.runnel.http.Method;
import dev.runnel.io.Bytes;
import dev.runnel.transport.CallHead;
import dev.runnel.transport.ClientCall;
import dev.runnel.transport.ClientConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A client's connection in memory, and its keeper. */
final class ClientFixture implements AutoCloseable {
  static final Duration HEAD = Duration.ofSeconds(3);
  static final Duration STALL = Duration.ofSeconds(5);
  static final String OK = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
  static final String GET = "GET / HTTP/1.1\r\nHost: a\r\n\r\n";

  final MemoryWire wire;
  final Http1Client client;
  private final List<String> kept = new ArrayList<>();

  ClientFixture() {
    this(Limits.DEFAULT);
  }

  ClientFixture(Limits limits) {
    wire = new MemoryWire(limits);
    client =
        wire.connect(
            new ClientConnection.Listener() {
              @Override
              public void changed(ClientConnection connection) {
                kept.add("changed " + connection.isUsable());
              }

              @Override
              public void closed(ClientConnection connection) {
                kept.add("closed");
              }
            });
  }

  /** What the keeper was told. */
  String kept() {
    return kept.toString();
  }

  static CallHead head(Method method, String target, long length, String... fields) {
    return new CallHead(
        method,
        "http",
        "a",
        target,
        null,
        Headers.of(fields),
        length,
        new CallHead.Times(HEAD, STALL));
  }

  static CallHead get(String... fields) {
    return head(Method.GET, "/", 0, fields);
  }

  static CallHead post(long length, String... fields) {
    return head(Method.POST, "/", length, fields);
  }

  /** Begins a call, and lets it be sent. */
  ClientCall begin(CallHead head, CallLog log) {
    ClientCall call = client.begin(head, log);
    wire.run();
    return call;
  }

  CallLog get() {
    CallLog log = CallLog.reading();
    begin(get(new String[0]), log);
    return log;
  }

  static Bytes bytes(String text) {
    return Bytes.utf8(text);
  }

  void assertGone() {
    wire.run();
    assertThat(client.isUsable()).isFalse();
    assertThat(kept()).isEqualTo("[changed false, closed]");
    assertThat(wire.connections()).isZero();
  }

  void assertReusable() {
    assertThat(client.isUsable()).isTrue();
    assertThat(kept()).isEqualTo("[]");
    wire.take();
    CallLog next = get();
    assertThat(wire.take()).isEqualTo(GET);
    wire.send(OK);
    assertThat(next.told()).isEqualTo("[head 200, body hi, ended]");
  }

  @Override
  public void close() {
    wire.close();
    assertThat(kept()).isEqualTo("[changed false, closed]");
  }
}
