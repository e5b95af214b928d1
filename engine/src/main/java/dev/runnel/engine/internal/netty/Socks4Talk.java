package dev.runnel.engine.internal.netty;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.net.Inet4Address;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Asks a SOCKS4 proxy for a connection; one of SOCKS4a where it is to resolve the name. */
final class Socks4Talk extends ProxyTalk {
  private static final int VERSION = 4;
  private static final int CONNECT = 1;
  private static final int REPLY = 8;
  private static final int GRANTED = 90;

  /** 0.0.0.x with x not zero tells a SOCKS4a proxy that a name stands at the end. */
  private static final byte[] BY_NAME = {0, 0, 0, 1};

  private final @Nullable Inet4Address address;
  private final String host;
  private final int port;
  private final @Nullable String user;

  /**
   * @param address of the server, or null to send its name
   * @param user the user id, or null for none
   */
  Socks4Talk(@Nullable Inet4Address address, String host, int port, @Nullable String user) {
    this.address = address;
    this.host = host;
    this.port = port;
    this.user = user;
  }

  @Override
  byte[] opening() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(VERSION);
    out.write(CONNECT);
    out.write(port >> 8);
    out.write(port);
    out.writeBytes(address == null ? BY_NAME : address.getAddress());
    out.writeBytes((user == null ? "" : user).getBytes(StandardCharsets.UTF_8));
    out.write(0);
    if (address == null) {
      out.writeBytes(host.getBytes(StandardCharsets.US_ASCII));
      out.write(0);
    }
    return out.toByteArray();
  }

  @Override
  byte[] answer(ByteBuf in) {
    if (in.isReadable() && in.getByte(in.readerIndex()) != 0) {
      throw refused(
          "the proxy does not speak SOCKS4: its answer begins with "
              + in.getUnsignedByte(in.readerIndex())
              + " instead of 0");
    }
    if (in.readableBytes() >= REPLY) {
      int code = in.getUnsignedByte(in.readerIndex() + 1);
      in.skipBytes(REPLY);
      if (code != GRANTED) {
        throw refused("the proxy refused: " + words(code));
      }
      done();
    }
    return NOTHING;
  }

  private static String words(int code) {
    return switch (code) {
      case 91 -> "the connection was rejected or failed (SOCKS4 code 91)";
      case 92 -> "it cannot ask an identd here who we are (SOCKS4 code 92)";
      case 93 -> "the identd here names another user (SOCKS4 code 93)";
      default -> "unknown SOCKS4 code " + code;
    };
  }
}
