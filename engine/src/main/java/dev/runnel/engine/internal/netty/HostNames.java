package dev.runnel.engine.internal.netty;

import dev.runnel.transport.Resolver;
import io.netty.util.NetUtil;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/** Finds the addresses of hosts: what is known by itself first, then whoever is to be asked. */
final class HostNames implements Resolver {
  private final Resolver asked;

  /**
   * @param asked for names that say nothing by themselves
   */
  HostNames(Resolver asked) {
    this.asked = asked;
  }

  @Override
  public CompletionStage<List<InetAddress>> resolve(String host) {
    InetAddress literal = literal(host);
    if (literal != null) {
      return CompletableFuture.completedFuture(List.of(literal));
    }
    if (isLocalhost(host)) {
      return CompletableFuture.completedFuture(List.of(NetUtil.LOCALHOST6, NetUtil.LOCALHOST4));
    }
    try {
      return Objects.requireNonNull(asked.resolve(host), "the resolver returned null");
    } catch (RuntimeException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  /** The address that a host is itself, or null if it is a name. */
  static @Nullable InetAddress literal(String host) {
    return NetUtil.createInetAddressFromIpAddressString(host);
  }

  /** RFC 6761 6.3: never asked for, because the answer could only be wrong. */
  private static boolean isLocalhost(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    name = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
    return name.equals("localhost") || name.endsWith(".localhost");
  }

  /** RFC 8305 4: the families take turns, IPv6 begins; each keeps its order. */
  static List<InetAddress> interleaved(List<InetAddress> addresses) {
    Queue<InetAddress> six = new ArrayDeque<>();
    Queue<InetAddress> four = new ArrayDeque<>();
    for (InetAddress address : addresses) {
      (address instanceof Inet6Address ? six : four).add(address);
    }
    List<InetAddress> all = new ArrayList<>(addresses.size());
    while (!six.isEmpty() || !four.isEmpty()) {
      move(six, all);
      move(four, all);
    }
    return all;
  }

  private static void move(Queue<InetAddress> from, List<InetAddress> to) {
    InetAddress first = from.poll();
    if (first != null) {
      to.add(first);
    }
  }
}
