package dev.runnel.ws;

import static dev.runnel.ws.DeflateParams.ABSENT;
import static dev.runnel.ws.DeflateParams.EXTENSION;
import static dev.runnel.ws.DeflateParams.NO_VALUE;

import dev.runnel.http.Headers;
import dev.runnel.http.HttpError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How both ends come to terms about permessage-deflate (RFC 7692 5 and 7.1). */
final class DeflateNegotiation {
  private static final int FULL_WINDOW = 15;

  private DeflateNegotiation() {}

  /**
   * The server's part: takes the first of the client's offers that it can keep; the client sorted
   * them by preference. Null if there is none: then the session is not compressed.
   *
   * @throws HttpError 400 if the field is malformed, whatever it is about
   */
  static @Nullable DeflateTerms accept(Deflate options, Headers request) {
    for (Extension offer : extensions(request)) {
      if (options.allowed() && offer.name().equals(EXTENSION)) {
        DeflateParams params = acceptable(offer);
        if (params != null) {
          return accept(options, params);
        }
      }
    }
    return null;
  }

  private static List<Extension> extensions(Headers request) {
    try {
      return Extension.parse(request.all(Extension.FIELD));
    } catch (IllegalArgumentException e) {
      throw HttpError.badRequest(String.valueOf(e.getMessage()));
    }
  }

  /** An offer with a parameter that we do not know must be declined, not refused (RFC 7692 7). */
  private static @Nullable DeflateParams acceptable(Extension offer) {
    try {
      return DeflateParams.of(offer);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static DeflateTerms accept(Deflate options, DeflateParams offer) {
    boolean serverTakeover = options.serverTakeover() && !offer.serverNoTakeover();
    // In an offer it says that the client will not take over whatever we answer (7.1.1.2), so
    // that an answer that repeats it costs the client nothing and saves us a window.
    boolean clientTakeover = options.clientTakeover() && !offer.clientNoTakeover();
    int serverBits = smaller(options.serverWindowBits(), offer.serverBits());
    int clientBits = smaller(options.clientWindowBits(), offer.clientBits());
    // A server may name its own window unasked, but the client's only if the client said that it
    // can limit it (7.1.2).
    boolean nameServer = offer.serverBits() != ABSENT || serverBits < FULL_WINDOW;
    boolean nameClient =
        offer.clientBits() > ABSENT || (offer.clientBits() == NO_VALUE && clientBits < FULL_WINDOW);
    DeflateParams answer =
        new DeflateParams(
            !serverTakeover,
            !clientTakeover,
            nameServer ? serverBits : ABSENT,
            nameClient ? clientBits : ABSENT);
    return new DeflateTerms(
        answer.toHeader(),
        serverBits,
        serverTakeover,
        clientTakeover,
        options.level(),
        options.threshold());
  }

  private static int smaller(int ours, int offered) {
    return offered > ABSENT ? Math.min(ours, offered) : ours;
  }

  /** The client's part: what it offers; null if it wants no compression. */
  static @Nullable String offer(Deflate options) {
    return options.allowed() ? offered(options).toHeader() : null;
  }

  /** The client's window may always be limited further by the server: our compressor can. */
  private static DeflateParams offered(Deflate options) {
    int server = options.serverWindowBits();
    int client = options.clientWindowBits();
    return new DeflateParams(
        !options.serverTakeover(),
        !options.clientTakeover(),
        server == FULL_WINDOW ? ABSENT : server,
        client == FULL_WINDOW ? NO_VALUE : client);
  }

  /**
   * The client's part: what the server's answer agrees to; null if it is without compression.
   *
   * @throws IllegalArgumentException if the answer is malformed or has what was not offered; the
   *     handshake has to fail then (RFC 6455 4.1, RFC 7692 5.1)
   */
  static @Nullable DeflateTerms confirm(Deflate options, Headers answer) {
    List<Extension> extensions = Extension.parse(answer.all(Extension.FIELD));
    if (extensions.isEmpty()) {
      return null;
    }
    Extension first = extensions.get(0);
    if (!options.allowed() || !first.name().equals(EXTENSION)) {
      throw new IllegalArgumentException(
          "the server agreed to the extension " + first.name() + ", which was not offered");
    }
    if (extensions.size() > 1) {
      throw new IllegalArgumentException(
          "the server agreed to " + extensions.size() + " extensions, but one was offered");
    }
    return confirm(options, first);
  }

  private static DeflateTerms confirm(Deflate options, Extension answer) {
    DeflateParams agreed = DeflateParams.of(answer);
    DeflateParams offered = offered(options);
    if (offered.serverNoTakeover() && !agreed.serverNoTakeover()) {
      throw new IllegalArgumentException(
          "the server agreed without server_no_context_takeover, which was asked for");
    }
    requireWithin("server_max_window_bits", agreed.serverBits(), offered.serverBits());
    if (offered.serverBits() != ABSENT && agreed.serverBits() == ABSENT) {
      throw new IllegalArgumentException(
          "the server agreed without server_max_window_bits, which was asked for");
    }
    if (agreed.clientBits() == NO_VALUE) {
      throw new IllegalArgumentException("the server gave client_max_window_bits no value");
    }
    requireWithin("client_max_window_bits", agreed.clientBits(), offered.clientBits());
    return new DeflateTerms(
        agreed.toHeader(),
        smaller(options.clientWindowBits(), agreed.clientBits()),
        options.clientTakeover() && !agreed.clientNoTakeover(),
        !agreed.serverNoTakeover(),
        options.level(),
        options.threshold());
  }

  private static void requireWithin(String name, int agreed, int offered) {
    if (offered > ABSENT && agreed > offered) {
      throw new IllegalArgumentException(
          "the server agreed to " + name + "=" + agreed + ", but " + offered + " was offered");
    }
  }
}
