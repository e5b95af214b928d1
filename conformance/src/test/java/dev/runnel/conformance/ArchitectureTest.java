package dev.runnel.conformance;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.lang.ArchRule;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/**
 * Arrows between packages go one way; read from the compiled main classes of the engine and the
 * DSL.
 */
class ArchitectureTest {
  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(l -> !l.contains("/test-classes/") && !l.contains("-tests.jar"))
          .importPackages("dev.runnel");

  /** A package, and the others of ours that it may use. */
  private record Room(String pattern, List<Room> uses, String reason) {
    DescribedPredicate<JavaClass> isForbidden() {
      DescribedPredicate<JavaClass> allowed = resideInAPackage(pattern);
      for (Room room : uses) {
        allowed = allowed.or(resideInAPackage(room.pattern));
      }
      return resideInAPackage("dev.runnel..").and(not(allowed)).as("are ours but none of " + uses);
    }

    @Override
    public String toString() {
      return pattern;
    }
  }

  private static final Room IO =
      new Room("dev.runnel.io", List.of(), "bytes and the loop stand on nothing");
  private static final Room HTTP =
      new Room(
          "dev.runnel.http",
          List.of(IO),
          "values know no server, so that client and server can share them");
  private static final Room ENGINE =
      new Room(
          "dev.runnel.engine",
          List.of(IO, HTTP),
          "the SPI is where both faces and both machines meet");
  private static final Room ROUTING =
      new Room(
          "dev.runnel.routing",
          List.of(IO, HTTP, ENGINE),
          "one router serves both faces through the SPI");
  private static final Room TRANSPORT =
      new Room(
          "dev.runnel.transport",
          List.of(IO, HTTP, ENGINE),
          "what a client needs of the engine is one door, and the machines stay behind it");
  private static final Room EXCHANGE =
      new Room(
          "dev.runnel.engine.internal.exchange",
          List.of(IO, HTTP, ENGINE, TRANSPORT),
          "HTTP/1.1 and HTTP/2 meet here: it names neither, nor a transport");
  private static final Room LINK =
      new Room(
          "dev.runnel.engine.internal.link",
          List.of(IO, HTTP, ENGINE, TRANSPORT, EXCHANGE),
          "the transport seam is small enough to be faked under a machine");
  private static final Room SYNTAX =
      new Room(
          "dev.runnel.engine.internal.syntax",
          List.of(),
          "the grammar that both versions share is about bytes, and about nothing of ours");
  private static final Room H1 =
      new Room(
          "dev.runnel.engine.internal.h1",
          List.of(IO, HTTP, ENGINE, TRANSPORT, EXCHANGE, LINK, SYNTAX),
          "machines are siblings: a change in one must not reach into another");
  private static final Room H2 = new Room("dev.runnel.engine.internal.h2", H1.uses(), H1.reason());
  private static final Room WEBSOCKET =
      new Room(
          "dev.runnel.websocket",
          List.of(IO, HTTP, ENGINE, TRANSPORT),
          "frames stand on a connection that was taken over, whatever version it was");
  private static final Room HUB =
      new Room(
          "dev.runnel.hub",
          List.of(IO, HTTP, ENGINE),
          "one broadcast serves all who subscribe, and names none of them");
  private static final Room TLS =
      new Room(
          "dev.runnel.engine.internal.tls",
          List.of(IO, HTTP, ENGINE, TRANSPORT),
          "certificates and keys are read and checked without a connection");
  private static final Room MEMORY =
      new Room(
          "dev.runnel.memory",
          List.of(IO),
          "wires in memory carry bytes, and know neither what they mean nor who reads them");
  private static final Room NETTY =
      new Room(
          "dev.runnel.engine.internal.netty",
          List.of(IO, HTTP, ENGINE, TRANSPORT, EXCHANGE, LINK, H1, H2, TLS, MEMORY),
          "it puts the machines on channels, and knows nothing that is built on top");
  private static final Room TRANSPORT_NETTY =
      new Room(
          "dev.runnel.transport.netty",
          List.of(TRANSPORT, NETTY),
          "it opens the door, and does nothing else");
  private static final Room DIRECT =
      new Room(
          "dev.runnel.engine.internal.direct",
          List.of(IO, HTTP, ENGINE, TRANSPORT, EXCHANGE),
          "calls without a connection need the version-neutral machine, and nothing under it");
  private static final Room TRANSPORT_MEMORY =
      new Room(
          "dev.runnel.transport.memory",
          List.of(IO, HTTP, ENGINE, TRANSPORT, MEMORY, EXCHANGE, NETTY, DIRECT),
          "it opens the door to servers and clients in memory, and does nothing else");
  private static final Room SERVER =
      new Room(
          "dev.runnel.server",
          List.of(IO, HTTP, ENGINE, ROUTING, NETTY),
          "the Java face opens a server on the transport, and leaves the machines to it");
  private static final Room DSL =
      new Room(
          "dev.runnel.dsl..",
          List.of(IO, HTTP, ENGINE, ROUTING, SERVER, HUB),
          "the Kotlin face stands on what any user could use");

  private static final Room SSE =
      new Room(
          "dev.runnel.sse..",
          List.of(IO, HTTP, ENGINE, ROUTING, HUB, DSL),
          "streams of events know nothing of WebSocket");
  private static final Room WS =
      new Room(
          "dev.runnel.ws..",
          List.of(IO, HTTP, ENGINE, ROUTING, TRANSPORT, WEBSOCKET, HUB, DSL),
          "WebSocket knows nothing of streams of events");
  private static final Room CLIENT =
      new Room(
          "dev.runnel.client",
          List.of(IO, HTTP, ENGINE, TRANSPORT, TRANSPORT_NETTY),
          "the client stands on the engine's door, and knows neither routes nor Kotlin");
  private static final Room CLIENT_KOTLIN =
      new Room(
          "dev.runnel.client.kotlin..",
          List.of(IO, HTTP, ENGINE, TRANSPORT, WEBSOCKET, CLIENT, DSL, SSE, WS),
          "the suspend face of the client brings events and sessions together");

  private static final Room TESTKIT =
      new Room(
          "dev.runnel.testkit..",
          List.of(
              IO,
              HTTP,
              ENGINE,
              ROUTING,
              TRANSPORT,
              MEMORY,
              TRANSPORT_MEMORY,
              SERVER,
              WEBSOCKET,
              HUB,
              CLIENT,
              CLIENT_KOTLIN,
              DSL,
              SSE,
              WS),
          "tests see what any user sees, and the machines from outside only");

  private static final List<Room> ROOMS =
      List.of(
          IO,
          HTTP,
          ENGINE,
          ROUTING,
          EXCHANGE,
          LINK,
          SYNTAX,
          WEBSOCKET,
          HUB,
          H1,
          H2,
          TLS,
          MEMORY,
          NETTY,
          TRANSPORT,
          TRANSPORT_NETTY,
          TRANSPORT_MEMORY,
          DIRECT,
          SERVER,
          DSL,
          SSE,
          WS,
          CLIENT,
          CLIENT_KOTLIN,
          TESTKIT);

  private static final String[] EXPORTED = {
    IO.pattern(),
    HTTP.pattern(),
    ENGINE.pattern(),
    ROUTING.pattern(),
    SERVER.pattern(),
    TRANSPORT.pattern(),
    TRANSPORT_NETTY.pattern(),
    TRANSPORT_MEMORY.pattern(),
    MEMORY.pattern(),
    WEBSOCKET.pattern(),
    HUB.pattern()
  };

  private static final Set<String> CLOCK_READS = Set.of("nanoTime", "currentTimeMillis", "sleep");

  /** Simple names of the classes that may read another clock than the loop's, and why. */
  private static final Map<String, String> CLOCK_EXEMPT =
      Map.of(
          "Watchdog",
          "it looks for a loop that stands still, and that loop's clock stands still with it",
          "SteppedBlocking",
          "virtual time stands still while blocking code computes, so only another can bound that",
          "WallDriver",
          "on TCP the time of a test is the wall clock's");

  @Test
  void theClassesAreRead() {
    assertThat(MAIN).as("a walk that finds nothing would let every rule below pass").isNotEmpty();
  }

  @ParameterizedTest
  @FieldSource("ROOMS")
  void arrowsGoOneWay(Room room) {
    check(
        noClasses()
            .that()
            .resideInAPackage(room.pattern())
            .should()
            .dependOnClassesThat(room.isForbidden())
            .because(room.reason()));
  }

  @Test
  void everyPackageHasARow() {
    String[] rooms = ROOMS.stream().map(Room::pattern).toArray(String[]::new);
    check(
        classes()
            .that()
            .resideInAPackage("dev.runnel..")
            .should()
            .resideInAnyPackage(rooms)
            .because("a package outside the table has no arrows, and so no rules"));
  }

  @Test
  void exportedPackagesHideNetty() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(EXPORTED)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.netty..")
            .because("a Netty type in our API would tie our compatibility to Netty's"));
  }

  @Test
  void theExchangeKnowsNoNetty() {
    check(
        noClasses()
            .that()
            .resideInAPackage(EXCHANGE.pattern())
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.netty..")
            .because(
                "the version-neutral machine is tested without a transport and without buffers to leak"));
  }

  @Test
  void callsWithoutAConnectionKnowNoNetty() {
    check(
        noClasses()
            .that()
            .resideInAPackage(DIRECT.pattern())
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.netty..")
            .because("a wire of values has no bytes to frame, and so no buffers"));
  }

  @Test
  void theLinkKnowsBuffersOnly() {
    check(
        noClasses()
            .that()
            .resideInAPackage(LINK.pattern())
            .should()
            .dependOnClassesThat(
                resideInAPackage("io.netty..").and(not(resideInAPackage("io.netty.buffer.."))))
            .because(
                "a machine reads and writes buffers; behind the seam may be a socket, memory or a script"));
  }

  @Test
  void onlyTheTransportKnowsChannels() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage(NETTY.pattern())
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.netty.channel..")
            .because(
                "a machine that knows no channel can be driven byte by byte, and moved to another transport"));
  }

  @Test
  void theEngineKnowsNoKotlin() {
    check(
        noClasses()
            .that(
                not(
                    resideInAnyPackage(
                        DSL.pattern(),
                        SSE.pattern(),
                        WS.pattern(),
                        CLIENT_KOTLIN.pattern(),
                        TESTKIT.pattern())))
            .should()
            .dependOnClassesThat(resideInAnyPackage("kotlin..", "kotlinx.."))
            .because("a Java user must not get the Kotlin runtime by depending on the engine"));
  }

  @Test
  void onlyTheMatchersKnowKotest() {
    check(
        noClasses()
            .that()
            .resideInAPackage(TESTKIT.pattern())
            .and()
            .haveNameNotMatching("dev\\.runnel\\.testkit\\.MatchersKt.*")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.kotest..")
            .because("whoever tests with something else must not need Kotest"));
  }

  @Test
  void theJavaHalfKnowsNoKotlin() {
    check(
        noClasses()
            .that()
            .resideInAnyPackage(SSE.pattern(), WS.pattern(), TESTKIT.pattern())
            .and(not(describe("written in Kotlin", ArchitectureTest::isKotlin)))
            .should()
            .dependOnClassesThat(
                resideInAnyPackage("kotlin..", "kotlinx..")
                    .or(describe("written in Kotlin", ArchitectureTest::isKotlin)))
            .because("a Java user of these modules reads, debugs and runs Java only"));
  }

  private static boolean isKotlin(JavaClass type) {
    return type.isAnnotatedWith("kotlin.Metadata");
  }

  @Test
  void theDslKnowsNoNetty() {
    check(
        noClasses()
            .that()
            .resideInAPackage(DSL.pattern())
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.netty..")
            .because(
                "only the engine speaks Netty; a second place would need a second set of leak tests"));
  }

  @Test
  void theLoopsClockIsTheOnlyClock() {
    check(
        noClasses()
            .that()
            .resideOutsideOfPackage(NETTY.pattern())
            .and(not(describe("exempt by name", c -> CLOCK_EXEMPT.containsKey(c.getSimpleName()))))
            .should()
            .callMethodWhere(
                describe("it reads or waits for the wall clock", ArchitectureTest::readsAClock))
            .because(
                "under virtual time a minute passes in a millisecond, except for whoever asks another clock"));
  }

  private static boolean readsAClock(JavaMethodCall call) {
    JavaClass owner = call.getTargetOwner();
    return (owner.isEquivalentTo(System.class) || owner.isEquivalentTo(Thread.class))
        && CLOCK_READS.contains(call.getName());
  }

  private static void check(ArchRule rule) {
    rule.allowEmptyShould(true).check(MAIN);
  }
}
