package dev.runnel.testing.websocket;

import dev.runnel.testing.Peer;
import dev.runnel.testing.ReceivedBytes;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.function.Predicate;

/** The end of a connection to a server that says what the test says, at once. */
final class ScriptedServer extends Peer {
  private final ReceivedBytes fromServer = new ReceivedBytes();
  private final ReceivedBytes fromClient = new ReceivedBytes();
  private boolean ended;

  /** The server sends these bytes. */
  ScriptedServer says(String hex) {
    fromServer.writeBytes(HexFormat.of().parseHex(hex.replace(" ", "")));
    return this;
  }

  ScriptedServer ends() {
    ended = true;
    return this;
  }

  /** What the client sent, in hexadecimal digits. */
  String heard() {
    return HexFormat.of().formatHex(fromClient.toByteArray());
  }

  @Override
  public void send(byte[] bytes) {
    fromClient.writeBytes(bytes);
  }

  @Override
  public String all() {
    return fromServer.toString(StandardCharsets.ISO_8859_1);
  }

  @Override
  public boolean isEnded() {
    return ended;
  }

  @Override
  public void await(Predicate<Peer> condition, String what) {
    if (!condition.test(this)) {
      throw new AssertionError("waited in vain " + what);
    }
  }

  @Override
  public void reading(boolean on) {
    throw new UnsupportedOperationException("all is there from the beginning");
  }

  @Override
  public void halfClose() {}

  @Override
  public void vanish() {}

  @Override
  public void close() {}
}
