package dev.runnel.client;

import dev.runnel.http.Uri;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A list of what is reached without a proxy, as {@link ProxySettings} describes it. */
final class NoProxy {
  private final List<String> entries;
  private final List<Predicate<Uri>> rules;

  private NoProxy(List<String> entries, List<Predicate<Uri>> rules) {
    this.entries = entries;
    this.rules = rules;
  }

  static NoProxy parse(String list) {
    List<String> entries = new ArrayList<>();
    List<Predicate<Uri>> rules = new ArrayList<>();
    for (String entry : list.split("[,\\s]+", -1)) {
      Predicate<Uri> rule = entry.isEmpty() ? null : rule(entry);
      if (rule != null) {
        entries.add(entry);
        rules.add(rule);
      }
    }
    return new NoProxy(List.copyOf(entries), List.copyOf(rules));
  }

  boolean matches(Uri uri) {
    for (Predicate<Uri> rule : rules) {
      if (rule.test(uri)) {
        return true;
      }
    }
    return false;
  }

  /** Null for what is no entry: such lists are shared by many programs, each with its own ideas. */
  private static @Nullable Predicate<Uri> rule(String entry) {
    if (entry.equals("*")) {
      return uri -> true;
    }
    int slash = entry.indexOf('/');
    if (slash >= 0) {
      return network(entry.substring(0, slash), entry.substring(slash + 1));
    }
    boolean belowOnly = entry.startsWith("*.");
    String bare =
        belowOnly ? entry.substring(2) : entry.startsWith(".") ? entry.substring(1) : entry;
    Uri uri = host(bare);
    if (uri == null) {
      return null;
    }
    boolean anyPort = !hasPort(bare);
    Predicate<Uri> host = uri.isAddress() ? address(uri) : domain(uri, belowOnly);
    return asked -> host.test(asked) && (anyPort || asked.port() == uri.port());
  }

  /** The entry as the host of a URL, which brings names and addresses into one form. */
  private static @Nullable Uri host(String entry) {
    boolean bareIpv6 = entry.indexOf(':') != entry.lastIndexOf(':') && !entry.startsWith("[");
    try {
      Uri uri = Uri.of("http://" + (bareIpv6 ? '[' + entry + ']' : entry));
      boolean bare = uri.target().equals("/") && uri.rawUserInfo() == null;
      return bare && uri.rawFragment() == null ? uri : null;
    } catch (IllegalArgumentException e) {
      return null; // Not ours to refuse; see above.
    }
  }

  private static boolean hasPort(String entry) {
    int colon = entry.lastIndexOf(':');
    boolean one = colon >= 0 && colon == entry.indexOf(':');
    return one || entry.contains("]:");
  }

  private static Predicate<Uri> domain(Uri entry, boolean belowOnly) {
    String domain = withoutDot(entry.host());
    return asked -> {
      String host = withoutDot(asked.host());
      boolean same = host.equals(domain) && !belowOnly;
      return !asked.isAddress() && (same || host.endsWith('.' + domain));
    };
  }

  private static String withoutDot(String host) {
    return host.endsWith(".") ? host.substring(0, host.length() - 1) : host;
  }

  private static Predicate<Uri> address(Uri entry) {
    byte[] address = bytes(entry);
    return asked -> asked.isAddress() && begins(bytes(asked), address, 8 * address.length);
  }

  private static @Nullable Predicate<Uri> network(String address, String length) {
    Uri uri = host(address);
    boolean whole = uri != null && uri.isAddress() && !hasPort(address);
    if (!whole || !length.matches("[0-9]{1,3}")) {
      return null;
    }
    byte[] network = bytes(uri);
    int bits = Integer.parseInt(length);
    if (bits > 8 * network.length) {
      return null;
    }
    return asked -> asked.isAddress() && begins(bytes(asked), network, bits);
  }

  /** Whether two addresses of one kind have their first bits in common. */
  private static boolean begins(byte[] address, byte[] network, int bits) {
    if (address.length != network.length) {
      return false;
    }
    for (int bit = 0; bit < bits; bit++) {
      int mask = 0x80 >> (bit % 8);
      if (((address[bit / 8] ^ network[bit / 8]) & mask) != 0) {
        return false;
      }
    }
    return true;
  }

  /** IPv4 written as IPv6 (::ffff:1.2.3.4) is IPv4 here. */
  private static byte[] bytes(Uri uri) {
    try {
      // The host is an address, so nobody is asked for it.
      return InetAddress.getByName(uri.host()).getAddress();
    } catch (UnknownHostException e) {
      throw new AssertionError("not an address, though checked: " + uri.host(), e);
    }
  }

  @Override
  public String toString() {
    return entries.toString();
  }
}
