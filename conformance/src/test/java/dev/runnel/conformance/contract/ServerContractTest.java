package dev.runnel.conformance.contract;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.spi.ILoggingEvent;
import dev.runnel.engine.Limits;
import dev.runnel.engine.ListenAddress;
import dev.runnel.routing.Router;
import dev.runnel.server.Server;
import dev.runnel.testing.Peer;
import dev.runnel.testing.TcpPeer;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** What a server as a whole promises: the watchdog, listeners for the staff, readiness. */
@Http1OnTcp
class ServerContractTest extends Contract {
  @Test
  void aHandlerThatHoldsTheLoopIsNamedInTheLog() {
    start(options -> options.watchdog(Duration.ofMillis(250)));
    Peer peer = connect();
    peer.send(get("/hog/a"));
    awaitNote("started a");
    ground().until(() -> !logs.of("runnel.watchdog").isEmpty(), "the watchdog");
    probe.open("a");
    assertThat(peer.answer().body()).isEqualTo("a");
    List<ILoggingEvent> barks = logs.take(event -> event.getLoggerName().equals("runnel.watchdog"));
    assertThat(barks.get(0).getFormattedMessage())
        .as("the stack of the handler")
        .contains(isKotlin() ? "KotlinAppKt.block" : "JavaApp.block");
  }

  @Test
  void listenersForTheStaffAreExemptFromTheLimitOfConnections() {
    try (Server server = server()) {
      InetSocketAddress staff = (InetSocketAddress) server.addresses().get(1);
      try (Peer busy = new TcpPeer(server.port());
          Peer admin = new TcpPeer(staff.getPort());
          Peer other = new TcpPeer(staff.getPort())) {
        busy.send(get("/wait/a"));
        assertServes(admin);
        assertServes(other);
        probe.open("a");
        assertThat(busy.answer().body()).isEqualTo("a");
      }
    }
    assertThat(logs.take(event -> event.getMessage().contains("accepting pauses"))).isNotEmpty();
  }

  @Test
  void aServerThatIsToldToStopIsNotReady() {
    Server server = server();
    try (Peer busy = new TcpPeer(server.port())) {
      busy.send(get("/wait/a"));
      TcpGround.await(() -> probe.saw("started a"), "the call to begin");
      assertThat(server.isReady()).isTrue();
      CompletionStage<?> stop = server.stopAsync(Duration.ofSeconds(20));
      assertThat(server.isReady()).isFalse();
      probe.open("a");
      busy.awaitEnd();
      stop.toCompletableFuture().join();
    }
    logs.take(event -> event.getMessage().contains("accepting pauses"));
  }

  /** One place for everybody, and a listener for the staff. */
  private Server server() {
    return Server.builder()
        .port(0)
        .listen(ListenAddress.tcp("127.0.0.1", 0).asAdmin())
        .handler(Router.of(on.face().routes(probe)))
        .options(
            options ->
                options
                    .transport(on.transport())
                    .loops(1)
                    .watchdog(Duration.ZERO)
                    .limits(Limits.DEFAULT.withConnections(1)))
        .start();
  }
}
