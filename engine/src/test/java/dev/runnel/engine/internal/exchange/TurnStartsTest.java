package dev.runnel.engine.internal.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.http.Response;
import dev.runnel.server.Eventually;
import dev.runnel.server.Server;
import dev.runnel.testing.TcpPeer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TurnStartsTest {
  private final List<String> seen = new CopyOnWriteArrayList<>();
  private final List<Runnable> endOfTurn = new ArrayList<>();
  private boolean ended;

  /** A thread that only notes who starts it. */
  private class Wanted extends TurnStarts.Start {
    private final String name;
    private final boolean fails;
    private @Nullable RuntimeException whenTold;

    Wanted(String name) {
      this(name, false);
    }

    Wanted(String name, boolean fails) {
      this.name = name;
      this.fails = fails;
    }

    @Override
    void startThread() {
      if (fails) {
        throw new IllegalStateException("no thread for " + name);
      }
      seen.add("start " + name);
    }

    @Override
    void notStarted(Throwable error) {
      seen.add(error.getMessage());
      if (whenTold != null) {
        throw whenTold;
      }
    }
  }

  /** Runs this as a loop would, on a thread of its own. */
  private void onLoop(Runnable turn) throws Exception {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Thread loop =
        new Thread(
            () -> {
              TurnStarts.collectOnThisThread(task -> !ended && endOfTurn.add(task));
              turn.run();
              done.complete(null);
            });
    loop.setUncaughtExceptionHandler((thread, error) -> done.completeExceptionally(error));
    loop.start();
    Eventually.get(done, "the turn");
  }

  private void endTurn() {
    List<Runnable> tasks = List.copyOf(endOfTurn);
    endOfTurn.clear();
    tasks.forEach(Runnable::run);
  }

  @Test
  void theFirstStartsAtTheEndOfTheTurnAndStartsTheOthers() throws Exception {
    Wanted first = new Wanted("a");
    onLoop(
        () -> {
          TurnStarts.start(first);
          TurnStarts.start(new Wanted("b"));
          TurnStarts.start(new Wanted("c"));
          assertThat(seen).isEmpty();
          endTurn();
          assertThat(seen).containsExactly("start a");
        });
    first.startThoseBehind();
    assertThat(seen).containsExactly("start a", "start b", "start c");
    first.startThoseBehind();
    assertThat(seen).hasSize(3);
  }

  @Test
  void eachTurnHasItsOwn() throws Exception {
    Wanted first = new Wanted("a");
    Wanted next = new Wanted("c");
    onLoop(
        () -> {
          TurnStarts.start(first);
          TurnStarts.start(new Wanted("b"));
          endTurn();
          TurnStarts.start(next);
          assertThat(endOfTurn).hasSize(1);
          endTurn();
        });
    first.startThoseBehind();
    next.startThoseBehind();
    assertThat(seen).containsExactly("start a", "start c", "start b");
  }

  @Test
  void whoHasNoThreadIsToldAndTheNextStartsTheRest() throws Exception {
    Wanted third = new Wanted("c");
    onLoop(
        () -> {
          TurnStarts.start(new Wanted("a", true));
          TurnStarts.start(new Wanted("b", true));
          TurnStarts.start(third);
          TurnStarts.start(new Wanted("d", true));
          TurnStarts.start(new Wanted("e"));
          endTurn();
        });
    assertThat(seen).containsExactly("no thread for a", "no thread for b", "start c");
    third.startThoseBehind();
    assertThat(seen.subList(3, 5)).containsExactly("no thread for d", "start e");
  }

  @Test
  void whoFailsWhenItIsToldKeepsNobodyBack() throws Exception {
    Wanted bad = new Wanted("a", true);
    bad.whenTold = new IllegalStateException("meant to fail");
    onLoop(
        () -> {
          TurnStarts.start(bad);
          TurnStarts.start(new Wanted("b"));
          endTurn();
        });
    assertThat(seen).containsExactly("no thread for a", "start b");
  }

  @Test
  void whereNoTurnEndsAnyMoreItStartsAtOnce() throws Exception {
    ended = true;
    onLoop(
        () -> {
          TurnStarts.start(new Wanted("a"));
          TurnStarts.start(new Wanted("b"));
        });
    assertThat(seen).containsExactly("start a", "start b");
  }

  @Test
  void onOtherThreadsItStartsAtOnce() {
    TurnStarts.start(new Wanted("a"));
    assertThat(seen).containsExactly("start a");
  }

  @Test
  void aServersLoopCollectsThem() {
    AtomicBoolean inHandler = new AtomicBoolean();
    List<Boolean> startedInHandler = new CopyOnWriteArrayList<>();
    Server server =
        Server.builder()
            .port(0)
            .handler(
                exchange -> {
                  inHandler.set(true);
                  TurnStarts.start(
                      new Wanted("a") {
                        @Override
                        void startThread() {
                          startedInHandler.add(inHandler.get());
                        }
                      });
                  exchange.respond(Response.ok("begun"));
                  inHandler.set(false);
                })
            .start();
    try (server;
        TcpPeer peer = new TcpPeer(server.port())) {
      for (int i = 1; i <= 3; i++) {
        peer.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n").answer();
        int turns = i;
        Eventually.until(() -> startedInHandler.size() == turns, "the end of the turn");
      }
    }
    assertThat(startedInHandler).containsOnly(false);
  }
}
