package dev.runnel.ws;

import dev.runnel.ws.Extension.Param;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The parameters of permessage-deflate (RFC 7692 7.1), in an offer or in the answer to one.
 *
 * @param serverBits {@code server_max_window_bits}, or {@link #ABSENT}
 * @param clientBits {@code client_max_window_bits}, or {@link #ABSENT}, or {@link #NO_VALUE}
 */
record DeflateParams(
    boolean serverNoTakeover, boolean clientNoTakeover, int serverBits, int clientBits) {
  static final String EXTENSION = "permessage-deflate";
  static final int ABSENT = 0;
  static final int NO_VALUE = -1;

  private static final String SERVER_NO_TAKEOVER = "server_no_context_takeover";
  private static final String CLIENT_NO_TAKEOVER = "client_no_context_takeover";
  private static final String SERVER_BITS = "server_max_window_bits";
  private static final String CLIENT_BITS = "client_max_window_bits";

  /**
   * Reads the parameters.
   *
   * @throws IllegalArgumentException if one is unknown, comes twice, or has a value that it must
   *     not have: an offer is declined then (RFC 7692 7), an answer fails the handshake
   */
  static DeflateParams of(Extension extension) {
    Set<String> seen = new HashSet<>();
    int serverBits = ABSENT;
    int clientBits = ABSENT;
    for (Param param : extension.params()) {
      if (!seen.add(param.name())) {
        throw new IllegalArgumentException(EXTENSION + " has " + param.name() + " twice");
      }
      switch (param.name()) {
        case SERVER_NO_TAKEOVER, CLIENT_NO_TAKEOVER -> requireNoValue(param);
        case SERVER_BITS -> serverBits = bits(param);
        case CLIENT_BITS -> clientBits = param.value() == null ? NO_VALUE : bits(param);
        default ->
            throw new IllegalArgumentException(
                EXTENSION + " has no parameter named " + param.name());
      }
    }
    return new DeflateParams(
        seen.contains(SERVER_NO_TAKEOVER),
        seen.contains(CLIENT_NO_TAKEOVER),
        serverBits,
        clientBits);
  }

  private static void requireNoValue(Param param) {
    if (param.value() != null) {
      throw new IllegalArgumentException(
          param.name() + " must have no value, but is " + param.value());
    }
  }

  /** 8 to 15 without leading zeros (RFC 7692 7.1.2). */
  private static int bits(Param param) {
    String value = param.value();
    if (!isBits(value)) {
      throw new IllegalArgumentException(
          param.name()
              + " must be 8 to 15, but "
              + (value == null ? "has no value" : "is " + value));
    }
    return Integer.parseInt(value);
  }

  private static boolean isBits(@Nullable String value) {
    return value != null
        && switch (value) {
          case "8", "9", "10", "11", "12", "13", "14", "15" -> true;
          default -> false;
        };
  }

  /** As a member of {@code Sec-WebSocket-Extensions}. */
  String toHeader() {
    StringBuilder out = new StringBuilder(EXTENSION);
    if (serverNoTakeover) {
      out.append("; ").append(SERVER_NO_TAKEOVER);
    }
    if (clientNoTakeover) {
      out.append("; ").append(CLIENT_NO_TAKEOVER);
    }
    append(out, SERVER_BITS, serverBits);
    append(out, CLIENT_BITS, clientBits);
    return out.toString();
  }

  private static void append(StringBuilder out, String name, int bits) {
    if (bits == NO_VALUE) {
      out.append("; ").append(name);
    } else if (bits != ABSENT) {
      out.append("; ").append(name).append('=').append(bits);
    }
  }
}
