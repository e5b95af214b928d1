package dev.runnel.testing;

import dev.runnel.server.Eventually;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.Predicate;

/** A client that speaks bytes: what no real client does, it can. */
public abstract class Peer implements AutoCloseable {
  /** How long the wall clock may run before a test that waits has failed. */
  public static final Duration PATIENCE = Eventually.PATIENCE;

  private static final int SHOWN = 2_000;

  private int taken;
  private volatile Runnable onReceived = () -> {};

  /** Sends bytes. */
  public abstract void send(byte[] bytes);

  /** Sends text in ISO-8859-1. */
  public final Peer send(String text) {
    send(text.getBytes(StandardCharsets.ISO_8859_1));
    return this;
  }

  /** Sends text in UTF-8, LF written as CR LF: request heads as they stand in a text block. */
  public final Peer request(String text) {
    send(text.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8));
    return this;
  }

  /** All bytes that ever came, as ISO-8859-1. */
  public abstract String all();

  /** The bytes that came, from one on. */
  protected byte[] received(int from) {
    return all().substring(from).getBytes(StandardCharsets.ISO_8859_1);
  }

  /** How many bytes ever came. */
  protected int count() {
    return all().length();
  }

  /** To be called when bytes came or the connection ended, holding what guards them. */
  protected final void arrived() {
    onReceived.run();
  }

  /**
   * Runs this whenever bytes came, and at the end of a real connection, on whatever thread brought
   * them; it may send and must not wait.
   */
  public final void onReceived(Runnable task) {
    onReceived = task;
  }

  /** Whether what came until now ends so. */
  public boolean endsWith(String end) {
    return all().endsWith(end);
  }

  /** Whether the server closed the connection (or its half). */
  public abstract boolean isEnded();

  /** Lets the server work until this holds, or fails the test. */
  public abstract void await(Predicate<Peer> condition, String what);

  /** Whether bytes are taken from the server. */
  public abstract void reading(boolean on);

  /** Closes our half (FIN); in memory this is a close. */
  public abstract void halfClose();

  /** Vanishes with a reset where the transport has one. */
  public abstract void vanish();

  @Override
  public abstract void close();

  /** What came and was not taken. */
  public final String rest() {
    return all().substring(taken);
  }

  /** Takes all bytes that came and were not taken yet. */
  public final byte[] takeBytes() {
    byte[] rest = received(taken);
    taken += rest.length;
    return rest;
  }

  /** Waits for text that ends what was not taken yet, and takes all up to it. */
  public final String take(String end) {
    await(peer -> peer.rest().contains(end), "to receive '" + end + "'");
    String rest = rest();
    String found = rest.substring(0, rest.indexOf(end) + end.length());
    taken += found.length();
    return found;
  }

  /** Waits for the next whole response to a GET or the like. */
  public final Answer answer() {
    return answer(false);
  }

  /** Waits for the next whole response. */
  public final Answer answer(boolean toHead) {
    NextAnswer next = new NextAnswer(this, taken);
    await(
        peer ->
            (toHead || peer.isEnded() || next.mayBeWhole())
                && Answer.parse(peer.rest(), toHead, peer.isEnded()) != null,
        "to receive a whole response");
    Answer answer = Answer.parse(rest(), toHead, isEnded());
    taken += answer.length();
    return answer;
  }

  /** Waits for the end of the connection, and takes all that came before it. */
  public final String awaitEnd() {
    await(Peer::isEnded, "the connection to end");
    return takeRest();
  }

  /** Whether nothing more comes of the answer that was begun, or no answer is to come. */
  public boolean isOver() {
    return isEnded();
  }

  /**
   * Waits until nothing more comes of the answer that was begun, whole or not, and takes all that
   * came before. On HTTP/1.1 only the end of the connection says so.
   */
  public String awaitOver() {
    return awaitEnd();
  }

  /** What came and was not taken, as much of it as a message of a failure should have. */
  protected final String soFar() {
    String rest = rest();
    int left = rest.length() - SHOWN;
    return left <= 0 ? rest : "(" + left + " characters)…" + rest.substring(left);
  }

  /** Takes all that came. */
  protected final String takeRest() {
    String rest = rest();
    taken += rest.length();
    return rest;
  }
}
