package dev.runnel.engine.internal.netty;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Asks a SOCKS5 proxy for a connection (RFC 1928), with a user name where there is one (RFC 1929).
 */
final class Socks5Talk extends ProxyTalk {
  private static final int VERSION = 5;
  private static final int NO_AUTHENTICATION = 0;
  private static final int BY_PASSWORD = 2;
  private static final int NONE_ACCEPTABLE = 0xFF;
  private static final int PASSWORD_VERSION = 1;
  private static final int CONNECT = 1;
  private static final int IPV4 = 1;
  private static final int NAME = 3;
  private static final int IPV6 = 4;

  private final @Nullable InetAddress address;
  private final String host;
  private final int port;
  private final @Nullable String user;
  private final @Nullable String password;
  private State state = State.METHOD;

  private enum State {
    METHOD,
    LOGIN,
    REPLY
  }

  /**
   * @param address of the server, or null to send its name
   * @param user the name to log in with, or null
   */
  Socks5Talk(
      @Nullable InetAddress address,
      String host,
      int port,
      @Nullable String user,
      @Nullable String password) {
    this.address = address;
    this.host = host;
    this.port = port;
    this.user = user;
    this.password = password;
  }

  @Override
  byte[] opening() {
    return user == null
        ? new byte[] {VERSION, 1, NO_AUTHENTICATION}
        : new byte[] {VERSION, 2, NO_AUTHENTICATION, BY_PASSWORD};
  }

  @Override
  byte[] answer(ByteBuf in) {
    return switch (state) {
      case METHOD -> method(in);
      case LOGIN -> login(in);
      case REPLY -> reply(in);
    };
  }

  private byte[] method(ByteBuf in) {
    requireFirst(in, VERSION, "the proxy does not speak SOCKS5");
    if (in.readableBytes() < 2) {
      return NOTHING;
    }
    in.skipBytes(1);
    int method = in.readUnsignedByte();
    if (method == NO_AUTHENTICATION) {
      state = State.REPLY;
      return request();
    }
    if (method == BY_PASSWORD && user != null) {
      state = State.LOGIN;
      return credentials(user, password == null ? "" : password);
    }
    if (method == NONE_ACCEPTABLE) {
      throw refused(
          user == null
              ? "the proxy wants a login, and no user name is set for it"
              : "the proxy takes neither a login by password nor none at all");
    }
    throw refused("the proxy chose authentication method " + method + ", which was not offered");
  }

  private static byte[] credentials(String user, String password) {
    byte[] name = user.getBytes(StandardCharsets.UTF_8);
    byte[] secret = password.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(PASSWORD_VERSION);
    out.write(name.length);
    out.writeBytes(name);
    out.write(secret.length);
    out.writeBytes(secret);
    return out.toByteArray();
  }

  private byte[] login(ByteBuf in) {
    requireFirst(in, PASSWORD_VERSION, "the proxy breaks off its login (RFC 1929)");
    if (in.readableBytes() < 2) {
      return NOTHING;
    }
    in.skipBytes(1);
    int status = in.readUnsignedByte();
    if (status != 0) {
      throw refused("the proxy does not take the user name and password that are set for it");
    }
    state = State.REPLY;
    return request();
  }

  private byte[] request() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(VERSION);
    out.write(CONNECT);
    out.write(0);
    if (address == null) {
      byte[] name = host.getBytes(StandardCharsets.US_ASCII);
      out.write(NAME);
      out.write(name.length);
      out.writeBytes(name);
    } else {
      out.write(address instanceof Inet4Address ? IPV4 : IPV6);
      out.writeBytes(address.getAddress());
    }
    out.write(port >> 8);
    out.write(port);
    return out.toByteArray();
  }

  private byte[] reply(ByteBuf in) {
    requireFirst(in, VERSION, "the proxy's reply is not SOCKS5");
    int start = in.readerIndex();
    if (in.readableBytes() >= 2 && in.getByte(start + 1) != 0) {
      throw refused("the proxy refused: " + words(in.getUnsignedByte(start + 1)));
    }
    if (in.readableBytes() >= 3 && in.getByte(start + 2) != 0) {
      throw refused("the proxy's reply has a reserved byte that is not 0 (RFC 1928 6)");
    }
    int length = in.readableBytes() < 5 ? Integer.MAX_VALUE : length(in, start);
    if (in.readableBytes() >= length) {
      in.skipBytes(length); // where the proxy's own end is bound is of no use to us
      done();
    }
    return NOTHING;
  }

  private static int length(ByteBuf in, int start) {
    int type = in.getUnsignedByte(start + 3);
    int address =
        switch (type) {
          case IPV4 -> 4;
          case IPV6 -> 16;
          case NAME -> 1 + in.getUnsignedByte(start + 4);
          default -> throw refused("the proxy's reply has an unknown type of address: " + type);
        };
    return 4 + address + 2;
  }

  private static void requireFirst(ByteBuf in, int wanted, String complaint) {
    if (in.isReadable() && in.getUnsignedByte(in.readerIndex()) != wanted) {
      int first = in.getUnsignedByte(in.readerIndex());
      throw refused(complaint + ": its answer begins with " + first + " instead of " + wanted);
    }
  }

  /** RFC 1928 6. */
  private static String words(int code) {
    String what =
        switch (code) {
          case 1 -> "general failure";
          case 2 -> "its rules do not allow the connection";
          case 3 -> "network unreachable";
          case 4 -> "host unreachable";
          case 5 -> "connection refused";
          case 6 -> "TTL expired";
          case 7 -> "it knows no CONNECT";
          case 8 -> "it does not know this type of address";
          default -> "for a reason that no RFC knows";
        };
    return what + " (SOCKS5 code " + code + ")";
  }
}
