package dev.runnel.engine;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The peers whose Forwarded (RFC 7239) or X-Forwarded-* fields are believed, as addresses and CIDR
 * blocks. Everybody can write these fields, so without a list none is read.
 *
 * <p>Most proxies write one kind and pass the other on as the client sent it. So where both come
 * neither is believed, unless {@link #withFields} says which kind the proxies write.
 */
public final class TrustedProxies {
  /** Believe nobody. */
  public static final TrustedProxies NONE = new TrustedProxies(List.of(), null);

  private final List<Block> blocks;
  private final @Nullable Fields fields;

  private TrustedProxies(List<Block> blocks, @Nullable Fields fields) {
    this.blocks = blocks;
    this.fields = fields;
  }

  /** How proxies say who asked. */
  public enum Fields {
    /** Forwarded (RFC 7239). */
    FORWARDED,
    /** X-Forwarded-For, -Proto and -Host. */
    X_FORWARDED
  }

  /**
   * Addresses and CIDR blocks: {@code TrustedProxies.of("10.0.0.0/8", "::1")}.
   *
   * @throws IllegalArgumentException if one is neither; host names are not looked up
   */
  public static TrustedProxies of(String... addressesAndBlocks) {
    List<Block> blocks = new ArrayList<>();
    for (String text : addressesAndBlocks) {
      blocks.add(Block.parse(text));
    }
    return new TrustedProxies(List.copyOf(blocks), null);
  }

  /** With nothing read but the fields of this kind, which all of these proxies write. */
  public TrustedProxies withFields(Fields only) {
    return new TrustedProxies(blocks, Objects.requireNonNull(only));
  }

  /** The kind of fields that is read; null for the one that comes alone. */
  public @Nullable Fields fields() {
    return fields;
  }

  /** Whether the peer at this address is believed. */
  public boolean trusts(InetAddress address) {
    byte[] bytes = address.getAddress();
    for (Block block : blocks) {
      if (block.contains(bytes)) {
        return true;
      }
    }
    return false;
  }

  /** Whether nobody is. */
  public boolean isEmpty() {
    return blocks.isEmpty();
  }

  private static final class Block {
    private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    // To the JDK 999.1.1.1 is a host name, but what begins with digits and a colon is none.
    private static final Pattern LITERAL =
        Pattern.compile(OCTET + "(\\." + OCTET + "){3}|(:|[0-9A-Fa-f]+:)[0-9A-Fa-f:.]*");

    private final byte[] network;
    private final int prefix;

    private Block(byte[] network, int prefix) {
      this.network = network;
      this.prefix = prefix;
    }

    static Block parse(String text) {
      int slash = text.indexOf('/');
      String host = slash < 0 ? text : text.substring(0, slash);
      // Anything that the JDK does not take for a literal would be looked up in DNS.
      if (!LITERAL.matcher(host).matches()) {
        throw new IllegalArgumentException("not an IP address or CIDR block: '" + text + "'");
      }
      try {
        byte[] network = InetAddress.getByName(host).getAddress();
        int bits = network.length * 8;
        int prefix = slash < 0 ? bits : Integer.parseInt(text.substring(slash + 1));
        if (prefix < 0 || prefix > bits) {
          throw new IllegalArgumentException("prefix of '" + text + "' must be within 0.." + bits);
        }
        return new Block(network, prefix);
      } catch (UnknownHostException | NumberFormatException e) {
        throw new IllegalArgumentException("not an IP address or CIDR block: '" + text + "'", e);
      }
    }

    boolean contains(byte[] address) {
      if (address.length != network.length) {
        return false;
      }
      int whole = prefix / 8;
      for (int i = 0; i < whole; i++) {
        if (address[i] != network[i]) {
          return false;
        }
      }
      int rest = prefix % 8;
      return rest == 0 || ((address[whole] ^ network[whole]) & (0xFF << (8 - rest)) & 0xFF) == 0;
    }
  }
}
