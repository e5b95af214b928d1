package dev.runnel.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.function.BooleanSupplier;

/**
 * A client of raw bytes: sends what no well-behaved client would, and sees exactly what comes back.
 * Waiting for something lets virtual time pass as far as needed, up to the patience of the test.
 * Text is ISO-8859-1: a character for each byte.
 */
public final class RawPeer implements AutoCloseable {
  private static final int SHOWN = 2_000;

  private final RawLink link;
  private final Driver driver;
  private final Duration patience;
  private final ByteArrayOutputStream came = new ByteArrayOutputStream();
  private int read;

  RawPeer(RawLink link, Driver driver, Duration patience) {
    this.link = link;
    this.driver = driver;
    this.patience = patience;
  }

  /** Sends text. */
  public RawPeer send(String text) {
    return send(text.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Sends bytes. */
  public RawPeer send(byte[] bytes) {
    link.send(bytes);
    driver.run();
    return this;
  }

  /** How many bytes of what was sent the server has no room for yet. */
  public int unsent() {
    return link.unsent();
  }

  private void fetch() {
    for (byte[] bytes = link.poll(); bytes != null; bytes = link.poll()) {
      came.writeBytes(bytes);
    }
  }

  /** All that came until now, read or not. */
  public byte[] received() {
    driver.run();
    fetch();
    return came.toByteArray();
  }

  /** Runs what is ready. */
  void runCurrent() {
    driver.run();
  }

  /** Who is told when something came, where that can be. */
  void whenCame(Runnable told) {
    link.whenCame(told);
  }

  /** Sends from within a run. */
  void sendWithin(byte[] bytes) {
    link.send(bytes);
  }

  /** What came and was not read, read now; from within a run too. */
  byte[] drain() {
    fetch();
    byte[] all = came.toByteArray();
    came.reset();
    int from = read;
    read = 0;
    return Arrays.copyOfRange(all, from, all.length);
  }

  /** What came and was not read. */
  public String unread() {
    return new String(received(), StandardCharsets.ISO_8859_1).substring(read);
  }

  /** Waits until this comes, and reads all up to its end. */
  public String await(String text) {
    await(() -> unread().contains(text), "'" + text + "'");
    String unread = unread();
    int end = unread.indexOf(text) + text.length();
    read += end;
    return unread.substring(0, end);
  }

  /** Waits for so many bytes, and reads them. */
  public byte[] take(int count) {
    await(() -> received().length - read >= count, count + " bytes");
    byte[] taken = new byte[count];
    System.arraycopy(received(), read, taken, 0, count);
    read += count;
    return taken;
  }

  /** Waits for an HTTP/1.1 answer, and reads it. Informational ones count too. */
  public RawAnswer answer() {
    return answer(false);
  }

  /** Waits for the answer to a HEAD, and reads it. */
  public RawAnswer answerToHead() {
    return answer(true);
  }

  private RawAnswer answer(boolean toHead) {
    RawAnswer[] found = new RawAnswer[1];
    await(
        () -> {
          String unread = unread();
          RawAnswers reading = new RawAnswers(unread, link.ended());
          RawAnswer answer = reading.next(toHead);
          if (answer != null) {
            read += reading.end();
            found[0] = answer;
          }
          return answer != null;
        },
        "a whole answer");
    return found[0];
  }

  /** Waits until the server has closed the connection in good order, with nothing unread. */
  public void expectClosed() {
    await(link::ended, "the end of the connection");
    if (link.wasReset()) {
      throw new AssertionError("the connection was reset, not closed; " + soFar());
    }
    if (!unread().isEmpty()) {
      throw new AssertionError("more came before the end; " + soFar());
    }
  }

  /** Waits until the connection is reset. */
  public void expectReset() {
    await(() -> link.ended() || link.wasReset(), "the reset of the connection");
    if (!link.wasReset()) {
      throw new AssertionError("the connection was closed, not reset; " + soFar());
    }
  }

  /** Whether the server has ended its half, or reset the connection. */
  public boolean isEnded() {
    driver.run();
    fetch();
    return link.ended();
  }

  /** Whether the connection was reset. */
  public boolean wasReset() {
    driver.run();
    return link.wasReset();
  }

  void await(BooleanSupplier condition, String what) {
    if (!driver.until(condition, patience)) {
      throw new AssertionError("waited " + patience + " in vain for " + what + "; " + soFar());
    }
  }

  private String soFar() {
    String unread = unread();
    String shown = unread.length() > SHOWN ? unread.substring(0, SHOWN) + "..." : unread;
    return (shown.isEmpty() ? "nothing is unread" : "unread is: " + shown)
        + (link.wasReset() ? " (reset)" : link.ended() ? " (closed)" : "");
  }

  /** Takes bytes from the connection, or leaves them there: the server feels it. */
  public RawPeer reading(boolean on) {
    link.reading(on);
    driver.run();
    return this;
  }

  /** Ends our half; answers can still come. */
  public RawPeer halfClose() {
    link.halfClose();
    driver.run();
    return this;
  }

  /** Resets the connection. */
  public void vanish() {
    link.vanish();
    driver.run();
  }

  /** Closes the connection. */
  @Override
  public void close() {
    link.close();
    driver.run();
  }
}
