package dev.runnel.ws;

/**
 * Whether and how messages are compressed (permessage-deflate, RFC 7692). Immutable; {@link
 * #DEFAULT}, {@link #OFF} and the {@code with…} methods make others. Each is a wish: the two ends
 * agree on it when a session begins, and the stricter end wins.
 *
 * <p>A takeover keeps what was sent before as a dictionary for the next message. That compresses
 * short messages of one kind much better, and costs memory for as long as the session lives, idle
 * or not: up to 260 KiB for what we send and 40 KiB for what we receive. What we send takes less
 * with a smaller window: about 200 KiB with 14 bits, 100 KiB with 13, 55 KiB with 12, 35 KiB with
 * 9. Without takeover one pair per event loop serves all sessions, and an idle session holds
 * nothing.
 *
 * @param allowed whether compression is agreed on at all (true)
 * @param serverTakeover whether the server may keep its dictionary between messages (false)
 * @param clientTakeover whether the client may (false)
 * @param serverWindowBits how far back the server may refer, as a power of two, 8 to 15; a smaller
 *     window needs less memory at the client and compresses worse (15, which is 32 KiB)
 * @param clientWindowBits the same for the client (15)
 * @param level how hard to try, from 1, the fastest, to 9, the smallest (1, since it is done on the
 *     event loop: 6 makes JSON 15 % smaller in five times the time)
 * @param threshold bytes from which on a message is compressed; smaller ones gain too little (1
 *     KiB). With a takeover a lower one may pay.
 */
public record Deflate(
    boolean allowed,
    boolean serverTakeover,
    boolean clientTakeover,
    int serverWindowBits,
    int clientWindowBits,
    int level,
    int threshold) {
  /** Compression without takeover, with whole windows. */
  public static final Deflate DEFAULT = new Deflate(true, false, false, 15, 15, 1, 1024);

  /** No compression. */
  public static final Deflate OFF = DEFAULT.withAllowed(false);

  public Deflate {
    require("serverWindowBits", serverWindowBits, 8, 15);
    require("clientWindowBits", clientWindowBits, 8, 15);
    require("level", level, 1, 9);
    require("threshold", threshold, 0, Integer.MAX_VALUE);
  }

  private static void require(String name, int value, int least, int most) {
    if (value < least || value > most) {
      String range = most == Integer.MAX_VALUE ? "at least " + least : least + " to " + most;
      throw new IllegalArgumentException(
          "Deflate option " + name + " must be " + range + ", but is " + value);
    }
  }

  /** With or without compression. */
  public Deflate withAllowed(boolean yes) {
    return new Deflate(
        yes, serverTakeover, clientTakeover, serverWindowBits, clientWindowBits, level, threshold);
  }

  /** With or without dictionaries that are kept between messages, of the server and the client. */
  public Deflate withTakeover(boolean server, boolean client) {
    return new Deflate(
        allowed, server, client, serverWindowBits, clientWindowBits, level, threshold);
  }

  /** With other windows for the server and the client, as powers of two, 8 to 15. */
  public Deflate withWindowBits(int server, int client) {
    return new Deflate(allowed, serverTakeover, clientTakeover, server, client, level, threshold);
  }

  /** With another level, 1 to 9. */
  public Deflate withLevel(int newLevel) {
    return new Deflate(
        allowed,
        serverTakeover,
        clientTakeover,
        serverWindowBits,
        clientWindowBits,
        newLevel,
        threshold);
  }

  /** With another size in bytes from which on messages are compressed. */
  public Deflate withThreshold(int bytes) {
    return new Deflate(
        allowed, serverTakeover, clientTakeover, serverWindowBits, clientWindowBits, level, bytes);
  }
}
