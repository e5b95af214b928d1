package dev.runnel.testing;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether the next answer may be whole. One of megabytes comes in hundreds of pieces: each is
 * looked at once, and not again with all those before it.
 */
final class NextAnswer {
  private static final Pattern LENGTH =
      Pattern.compile("\r\nContent-Length: *([0-9]+)\r\n", Pattern.CASE_INSENSITIVE);
  private static final Pattern CHUNKED =
      Pattern.compile("\r\nTransfer-Encoding:", Pattern.CASE_INSENSITIVE);
  private static final Pattern BODILESS = Pattern.compile("(?s)HTTP/1\\.1 (1..|204|304) .*");

  private enum Framing {
    UNKNOWN,
    LENGTH,
    CHUNKS,
    OTHER
  }

  private final Peer peer;
  private final int from;
  private Framing framing = Framing.UNKNOWN;
  private int known; // bytes of the answer that were gone through
  private int enough = 1; // bytes that must be there for another look

  NextAnswer(Peer peer, int from) {
    this.peer = peer;
    this.from = from;
  }

  /** False if the answer is not whole yet. */
  boolean mayBeWhole() {
    int there = peer.count() - from;
    if (there < enough) {
      return false;
    }
    if (framing == Framing.UNKNOWN) {
      readHead(there);
    }
    if (framing == Framing.CHUNKS) {
      passChunks();
    }
    return framing != Framing.UNKNOWN && there >= enough;
  }

  private void readHead(int there) {
    String text = text();
    int end = text.indexOf("\r\n\r\n");
    enough = there + 1;
    if (end >= 0) {
      known = end + 4;
      enough = known;
      frame(text.substring(0, known));
    }
  }

  private void frame(String head) {
    Matcher length = LENGTH.matcher(head);
    if (BODILESS.matcher(head).matches()) {
      framing = Framing.OTHER;
    } else if (length.find()) {
      framing = Framing.LENGTH;
      enough = known + Integer.parseInt(length.group(1));
    } else {
      framing = CHUNKED.matcher(head).find() ? Framing.CHUNKS : Framing.OTHER;
    }
  }

  /** Goes on behind the last whole chunk. */
  private void passChunks() {
    String text = text();
    int at = 0;
    int lineEnd = text.indexOf("\r\n");
    while (lineEnd >= 0) {
      int size = Integer.parseInt(text.substring(at, lineEnd), 16);
      int next = lineEnd + 2 + size + 2;
      if (size == 0) {
        framing = Framing.OTHER; // trailers are not many
        return;
      }
      if (next > text.length()) {
        known += at;
        enough = known + next - at;
        return;
      }
      at = next;
      lineEnd = text.indexOf("\r\n", at);
    }
    known += at;
    enough = known + text.length() - at + 1;
  }

  private String text() {
    return new String(peer.received(from + known), StandardCharsets.ISO_8859_1);
  }
}
