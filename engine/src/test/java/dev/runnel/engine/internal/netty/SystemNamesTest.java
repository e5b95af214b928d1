package dev.runnel.engine.internal.netty;

import static dev.runnel.engine.internal.netty.ScriptedDns.A;
import static dev.runnel.engine.internal.netty.ScriptedDns.AAAA;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.runnel.engine.ServerOptions.Transport;
import dev.runnel.engine.internal.exchange.BlockingThreads;
import dev.runnel.engine.internal.netty.ScriptedDns.Entry;
import dev.runnel.engine.internal.netty.ScriptedDns.Reply;
import dev.runnel.server.Eventually;
import dev.runnel.server.LeakCheck;
import dev.runnel.server.TransportCases;
import dev.runnel.transport.ClientException.Reason;
import dev.runnel.transport.ClientTransport.Times;
import dev.runnel.transport.TransportOptions;
import io.netty.channel.EventLoop;
import io.netty.resolver.HostsFileEntriesProvider;
import io.netty.resolver.dns.SequentialDnsServerAddressStreamProvider;
import java.io.IOException;
import java.io.StringReader;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Names, asked of a name server of our own on this machine. */
class SystemNamesTest {
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final Duration SHORT = Duration.ofMillis(100);

  private final LeakCheck leaks = new LeakCheck();
  private final BlockingThreads blocking = new BlockingThreads(4);
  private final List<AutoCloseable> open = new ArrayList<>();
  private ScriptedDns dns;
  private Duration patience = LONG;
  private String hosts = "";

  static Stream<Transport> transports() {
    // What io_uring's sockets to name servers leave open at the end of a loop is not settled yet.
    return TransportCases.loaded().stream().filter(t -> t != Transport.IO_URING);
  }

  @BeforeEach
  void listen() throws IOException {
    dns = new ScriptedDns();
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
    blocking.close();
    dns.close();
    leaks.verify();
  }

  private NameServers servers(ScriptedDns... all) throws IOException {
    return new NameServers(
        new SequentialDnsServerAddressStreamProvider(
            Stream.of(all).map(ScriptedDns::address).toList()),
        HostsFileEntriesProvider.parser().parse(new StringReader(hosts)),
        patience);
  }

  private SystemNames names(Transport transport, SystemNames.ServerFinder finder) {
    ClientKit kit = ClientKit.of(transport, 1);
    open.add(
        () ->
            kit.transport()
                .loops()
                .shutdownGracefully(0, 5, TimeUnit.SECONDS)
                .syncUninterruptibly());
    EventLoop loop = kit.transport().loops().next();
    SystemNames names = new SystemNames(kit.dns(), loop, blocking, finder);
    open.add(names);
    return names;
  }

  private SystemNames names() {
    return names(Transport.NIO, () -> servers(dns));
  }

  private static List<String> found(SystemNames names, String host) throws Exception {
    return Eventually.get(names.resolve(host).toCompletableFuture(), host).stream()
        .map(InetAddress::getHostAddress)
        .toList();
  }

  private static void fails(SystemNames names, String host, String... words) {
    assertThatThrownBy(() -> found(names, host))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .hasMessageContainingAll(words);
  }

  private ScriptedDns both(String name, String six, String four) {
    return dns.says(AAAA, name, Entry.address(name, 60, six))
        .says(A, name, Entry.address(name, 60, four));
  }

  @ParameterizedTest
  @MethodSource("transports")
  void bothFamiliesAreAskedForAndIpv6ComesFirst(Transport transport) throws Exception {
    dns.says(
            A,
            "dual.test",
            Entry.address("dual.test", 60, "127.0.0.2"),
            Entry.address("dual.test", 60, "127.0.0.3"))
        .says(AAAA, "dual.test", Entry.address("dual.test", 60, "2001:db8::1"));
    assertThat(found(names(transport, () -> servers(dns)), "dual.test"))
        .containsExactly("2001:db8:0:0:0:0:0:1", "127.0.0.2", "127.0.0.3");
    assertThat(dns.asked()).containsExactlyInAnyOrder("udp 28 dual.test", "udp 1 dual.test");
  }

  @Test
  void oneFamilyIsEnough() throws Exception {
    dns.says(A, "four.test", Entry.address("four.test", 60, "127.0.0.4"))
        .says(AAAA, "four.test")
        .says(AAAA, "six.test", Entry.address("six.test", 60, "::1"))
        .says(A, "six.test", new Reply(ScriptedDns.SERVFAIL, false, List.of()));
    SystemNames names = names();
    assertThat(found(names, "four.test")).containsExactly("127.0.0.4");
    assertThat(found(names, "six.test")).containsExactly("0:0:0:0:0:0:0:1");
  }

  /** The other one would have 20 s. */
  @Test
  void aFamilyThatIsSilentIsNotWaitedFor() throws Exception {
    dns.says(A, "four.test", Entry.address("four.test", 60, "127.0.0.4"))
        .keepsQuiet(AAAA, "four.test")
        .says(AAAA, "six.test", Entry.address("six.test", 60, "::1"))
        .keepsQuiet(A, "six.test");
    SystemNames names = names();
    assertThat(Eventually.get(names.resolve("four.test").toCompletableFuture(), "four.test"))
        .hasSize(1);
    assertThat(Eventually.get(names.resolve("six.test").toCompletableFuture(), "six.test"))
        .hasSize(1);
  }

  @Test
  void aliasesAreFollowed() throws Exception {
    Entry alias = Entry.alias("www.test", "real.test");
    both("real.test", "2001:db8::5", "127.0.0.5");
    dns.says(A, "www.test", alias, Entry.address("real.test", 60, "127.0.0.5"))
        .says(AAAA, "www.test", alias); // the rest has to be asked for
    assertThat(found(names(), "www.test")).containsExactly("2001:db8:0:0:0:0:0:5", "127.0.0.5");
  }

  @Test
  void aliasesInACircleEnd() {
    dns.says(A, "a.test", Entry.alias("a.test", "b.test"))
        .says(AAAA, "a.test", Entry.alias("a.test", "b.test"))
        .says(A, "b.test", Entry.alias("b.test", "a.test"))
        .says(AAAA, "b.test", Entry.alias("b.test", "a.test"));
    fails(names(), "a.test", "the name servers");
    assertThat(dns.asked().size()).isLessThan(40);
  }

  @Test
  void namesThatNobodyKnowsAreSaidToBe() {
    fails(names(), "gone.test", "the name servers know no address of it");
    dns.says(A, "bare.test").says(AAAA, "bare.test");
    fails(names(), "bare.test", "the name servers know no address of it");
  }

  @Test
  void serversThatFailAreSaidTo() {
    Reply failed = new Reply(ScriptedDns.SERVFAIL, false, List.of());
    dns.says(A, "broken.test", failed).says(AAAA, "broken.test", failed);
    fails(names(), "broken.test", "the name servers failed", "SERVFAIL");
    dns.says(A, "half.test", failed).says(AAAA, "half.test");
    fails(names(), "half.test", "the name servers failed");
  }

  @Test
  void theNextServerIsAsked() throws Exception {
    try (ScriptedDns second = new ScriptedDns()) {
      Reply failed = new Reply(ScriptedDns.SERVFAIL, false, List.of());
      dns.says(A, "a.test", failed).says(AAAA, "a.test", failed);
      second.says(A, "a.test", Entry.address("a.test", 60, "127.0.0.6")).says(AAAA, "a.test");
      assertThat(found(names(Transport.NIO, () -> servers(dns, second)), "a.test"))
          .containsExactly("127.0.0.6");
    }
  }

  @Test
  void silentServersHaveTheirTime() {
    patience = SHORT;
    dns.fallSilent();
    fails(names(), "a.test", "the name servers did not answer within PT0.1S");
  }

  @Test
  void aDialHasItsOwnTime() {
    dns.fallSilent();
    NettyClient client =
        NettyClient.open(TransportOptions.DEFAULT.withLoops(1).withResolver(names()));
    open.add(client);
    Times times = new Times(SHORT, SHORT);
    Dialled dialled = Dialled.of(client, Destinations.of("a.test", 80), times);
    Eventually.until(dialled::isOver, "the dial to end");
    assertThat(dialled.error.reason()).isEqualTo(Reason.CONNECT_TIMEOUT);
    assertThat(dialled.error).hasMessageContaining("resolving a.test");
  }

  @Test
  void aDialNamesWhatIsUnknown() {
    NettyClient client =
        NettyClient.open(TransportOptions.DEFAULT.withLoops(1).withResolver(names()));
    open.add(client);
    Dialled dialled = Dialled.of(client, Destinations.of("gone.test", 80));
    Eventually.until(dialled::isOver, "the dial to end");
    assertThat(dialled.error.reason()).isEqualTo(Reason.RESOLVE);
    assertThat(dialled.error)
        .hasMessage("cannot resolve gone.test: the name servers know no address of it");
  }

  @ParameterizedTest
  @MethodSource("transports")
  void whatIsCutOffIsAskedForOverTcp(Transport transport) throws Exception {
    List<Entry> many = new ArrayList<>();
    for (int i = 1; i <= 200; i++) {
      many.add(Entry.address("many.test", 60, "127.0.1." + i));
    }
    dns.says(A, "many.test", new Reply(0, true, many)).says(AAAA, "many.test");
    List<String> found = found(names(transport, () -> servers(dns)), "many.test");
    assertThat(found).hasSize(200).startsWith("127.0.1.1").endsWith("127.0.1.200");
    assertThat(dns.asked()).contains("tcp 1 many.test");
  }

  @Test
  void answersAreKeptAsLongAsTheySay() throws Exception {
    both("kept.test", "::1", "127.0.0.7");
    SystemNames names = names();
    for (int i = 0; i < 3; i++) {
      assertThat(found(names, "kept.test")).hasSize(2);
    }
    assertThat(dns.asked(A, "kept.test")).isEqualTo(1);
    assertThat(dns.asked(AAAA, "kept.test")).isEqualTo(1);
  }

  @Test
  void whatIsNotThereIsNotKept() throws Exception {
    SystemNames names = names();
    fails(names, "new.test", "know no address");
    both("new.test", "::1", "127.0.0.9");
    assertThat(found(names, "new.test")).hasSize(2);
  }

  @Test
  void theHostsFileIsBelievedAndNobodyAsked() throws Exception {
    hosts = "127.0.0.10 four.test Both.test\n::1 both.test # ours\n";
    both("four.test", "2001:db8::1", "127.0.0.11");
    SystemNames names = names();
    assertThat(found(names, "FOUR.test")).containsExactly("127.0.0.10");
    assertThat(found(names, "both.test")).containsExactly("0:0:0:0:0:0:0:1", "127.0.0.10");
    assertThat(dns.asked()).isEmpty();
  }

  @Test
  void whereNoServersAreFoundTheJdkIsAsked() throws Exception {
    SystemNames none =
        names(
            Transport.NIO,
            () -> {
              throw new IOException("none here");
            });
    assertThat(found(none, "localhost")).contains("127.0.0.1");
    SystemNames noSockets = new SystemNames(null, null, blocking);
    assertThat(found(noSockets, "localhost")).contains("127.0.0.1");
  }

  @Test
  void filesWithoutServersAreToldFromOthers(@TempDir Path directory) throws Exception {
    Path hostsFile = Files.writeString(directory.resolve("hosts"), "127.0.0.12 there.test\n");
    Path empty = Files.writeString(directory.resolve("empty"), "search test\n");
    Path one = Files.writeString(directory.resolve("one"), "nameserver 127.0.0.13\n");
    Path missing = directory.resolve("missing");
    for (Path none : List.of(empty, missing)) {
      assertThatThrownBy(() -> NameServers.of(none.toFile(), hostsFile.toFile()))
          .isInstanceOf(IOException.class);
    }
    NameServers found = NameServers.of(one.toFile(), hostsFile.toFile());
    assertThat(found.addresses().nameServerAddressStream("x.test").next().toString())
        .contains("127.0.0.13:53");
    assertThat(found.known("there.test")).hasSize(1);
    assertThat(NameServers.of(one.toFile(), missing.toFile()).known("there.test")).isEmpty();
  }

  @Test
  void whoCouldNotFindThemLooksAgain() throws Exception {
    both("a.test", "::1", "127.0.0.14");
    List<String> looked = new ArrayList<>();
    SystemNames names =
        names(
            Transport.NIO,
            () -> {
              looked.add("once");
              if (looked.size() == 1) {
                throw new IllegalStateException("not now");
              }
              return servers(dns);
            });
    fails(names, "a.test", "not now");
    assertThat(found(names, "a.test")).hasSize(2);
    assertThat(found(names, "a.test")).hasSize(2);
    assertThat(looked).hasSize(2);
  }
}
