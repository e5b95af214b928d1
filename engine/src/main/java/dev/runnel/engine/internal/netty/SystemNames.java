package dev.runnel.engine.internal.netty;

import dev.runnel.engine.Blocking;
import dev.runnel.transport.Resolver;
import io.netty.channel.EventLoop;
import io.netty.resolver.ResolvedAddressTypes;
import io.netty.resolver.dns.DnsNameResolver;
import io.netty.resolver.dns.DnsNameResolverBuilder;
import io.netty.util.concurrent.Future;
import java.io.IOException;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the name servers of the system, without a thread that waits for them: the hosts file first,
 * then for IPv6 and IPv4 addresses at once; what they say is kept as long as they say. Where the
 * name servers cannot be found the JDK is asked, on a thread that may block. Safe from any thread.
 */
final class SystemNames implements Resolver, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger("runnel.client");

  /** RFC 8305 3: how long addresses of one family wait for those of the other. */
  private static final long RESOLUTION_DELAY_MILLIS = 50;

  private final ClientKit.@Nullable Dns channels;
  private final EventLoop loop;
  private final Blocking blocking;
  private final ServerFinder finder;
  // Guarded by this.
  private @Nullable CompletableFuture<Resolver> found;
  private @Nullable Pair pair;
  private boolean closed;

  /** Finds the name servers. May block. */
  @FunctionalInterface
  interface ServerFinder {
    /**
     * The servers.
     *
     * @throws IOException if there are none to be found
     */
    NameServers find() throws IOException;
  }

  /**
   * @param channels null if only the JDK can be asked
   * @param loop what the sockets to the name servers are on
   */
  SystemNames(ClientKit.@Nullable Dns channels, EventLoop loop, Blocking blocking) {
    this(channels, loop, blocking, NameServers::ofSystem);
  }

  SystemNames(
      ClientKit.@Nullable Dns channels, EventLoop loop, Blocking blocking, ServerFinder finder) {
    this.channels = channels;
    this.loop = loop;
    this.blocking = blocking;
    this.finder = finder;
  }

  @Override
  public CompletionStage<List<InetAddress>> resolve(String host) {
    return finding().thenCompose(resolver -> resolver.resolve(host));
  }

  private synchronized CompletableFuture<Resolver> finding() {
    if (found == null || found.isCompletedExceptionally()) {
      CompletableFuture<Resolver> finding = run(this::resolver);
      found = finding;
      return finding;
    }
    return found;
  }

  private <T> CompletableFuture<T> run(Callable<T> work) {
    CompletableFuture<T> result = new CompletableFuture<>();
    try {
      blocking.run(
          work,
          (value, error) -> {
            if (error == null) {
              result.complete(value);
            } else {
              result.completeExceptionally(error);
            }
          });
    } catch (RejectedExecutionException e) {
      result.completeExceptionally(e);
    }
    return result;
  }

  private Resolver resolver() {
    if (channels == null) {
      return this::askJdk;
    }
    NameServers servers;
    try {
      servers = finder.find();
    } catch (IOException e) {
      LOG.debug("name servers cannot be found ({}), so the JDK looks names up", e.getMessage());
      return this::askJdk;
    }
    Pair made = new Pair(resolver(channels, servers, true), resolver(channels, servers, false));
    synchronized (this) {
      pair = made;
      if (closed) {
        made.close();
      }
    }
    return host -> ask(host, servers, made);
  }

  /** What the hosts file says of a name, in whichever family, is all there is. */
  private CompletionStage<List<InetAddress>> ask(String host, NameServers servers, Pair made) {
    List<InetAddress> known = servers.known(host);
    return known.isEmpty()
        ? new Question(host, servers, made).answer
        : CompletableFuture.completedFuture(HostNames.interleaved(known));
  }

  private DnsNameResolver resolver(ClientKit.Dns with, NameServers servers, boolean six) {
    return new DnsNameResolverBuilder(loop)
        .datagramChannelType(with.udp())
        .socketChannelType(with.tcp())
        .nameServerProvider(servers.addresses())
        .hostsFileEntriesResolver((name, types) -> null) // was asked before
        .queryTimeoutMillis(servers.patience().toMillis())
        .resolvedAddressTypes(six ? ResolvedAddressTypes.IPV6_ONLY : ResolvedAddressTypes.IPV4_ONLY)
        .build();
  }

  private CompletionStage<List<InetAddress>> askJdk(String host) {
    return run(() -> HostNames.interleaved(List.of(InetAddress.getAllByName(host))));
  }

  @Override
  public synchronized void close() {
    closed = true;
    if (pair != null) {
      pair.close();
    }
  }

  private record Pair(DnsNameResolver six, DnsNameResolver four) {
    void close() {
      six.close();
      four.close();
    }
  }

  /** One name, asked for in both families; what is answered comes on the loop. */
  private final class Question {
    final CompletableFuture<List<InetAddress>> answer = new CompletableFuture<>();
    private final List<InetAddress> addresses = new ArrayList<>();
    private final NameServers servers;
    private @Nullable Throwable failure;
    private int left = 2;

    Question(String host, NameServers servers, Pair pair) {
      this.servers = servers;
      ask(pair.six, host);
      ask(pair.four, host);
    }

    private void ask(DnsNameResolver resolver, String host) {
      Future<List<InetAddress>> asked = resolver.resolveAll(host);
      asked.addListener(done -> answered(asked));
    }

    private void answered(Future<List<InetAddress>> asked) {
      left--;
      if (asked.isSuccess()) {
        addresses.addAll(asked.getNow());
      } else {
        failure = NameFailure.worse(failure, asked.cause());
      }
      if (left == 0) {
        finish();
      } else if (!addresses.isEmpty()) {
        loop.schedule(this::finish, RESOLUTION_DELAY_MILLIS, TimeUnit.MILLISECONDS);
      }
    }

    private void finish() {
      if (!addresses.isEmpty()) {
        answer.complete(HostNames.interleaved(addresses));
      } else if (failure != null) {
        answer.completeExceptionally(NameFailure.of(failure, servers.patience()));
      } else {
        answer.complete(List.of());
      }
    }
  }
}
