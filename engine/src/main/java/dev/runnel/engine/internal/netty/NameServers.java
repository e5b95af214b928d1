package dev.runnel.engine.internal.netty;

import io.netty.resolver.HostsFileEntriesProvider;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.resolver.dns.UnixResolverDnsServerAddressStreamProvider;
import io.netty.util.internal.PlatformDependent;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Who is asked for names.
 *
 * @param addresses where the name servers are
 * @param hosts what the hosts file says
 * @param patience how long each of them has for an answer
 */
record NameServers(
    DnsServerAddressStreamProvider addresses, HostsFileEntriesProvider hosts, Duration patience) {
  private static final File RESOLV_CONF = new File("/etc/resolv.conf");
  private static final File HOSTS = new File("/etc/hosts");

  /** What resolv.conf(5) has by default. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /**
   * Those of the system.
   *
   * @throws IOException if there are none to be found
   */
  static NameServers ofSystem() throws IOException {
    if (PlatformDependent.isWindows() || PlatformDependent.isOsx()) {
      throw new IOException("this system does not keep them in " + RESOLV_CONF);
    }
    return of(RESOLV_CONF, HOSTS);
  }

  /**
   * Those of these files. Netty itself would go to public name servers where it finds none; a name
   * that is asked for is nobody else's business.
   *
   * @throws IOException if they name none
   */
  static NameServers of(File resolvConf, File hosts) throws IOException {
    DnsServerAddressStreamProvider servers;
    try {
      servers = new UnixResolverDnsServerAddressStreamProvider(resolvConf);
    } catch (IllegalArgumentException e) {
      throw new IOException(e.getMessage(), e);
    }
    HostsFileEntriesProvider known =
        HostsFileEntriesProvider.parser().parse(hosts, StandardCharsets.UTF_8);
    return new NameServers(servers, known, PATIENCE);
  }

  /** The addresses that the hosts file has for a name. */
  List<InetAddress> known(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    List<InetAddress> found = new ArrayList<>();
    found.addAll(hosts.ipv6Entries().getOrDefault(name, List.of()));
    found.addAll(hosts.ipv4Entries().getOrDefault(name, List.of()));
    return found;
  }
}
