package dev.runnel.engine.internal.netty;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A name server on a free port of this machine, over UDP and TCP, that answers what it is told. */
final class ScriptedDns implements AutoCloseable {
  static final int A = 1;
  static final int CNAME = 5;
  static final int AAAA = 28;
  static final int SERVFAIL = 2;
  static final int NXDOMAIN = 3;

  private static final int ANSWER = 0x8580; // authoritative, recursion wished and available
  private static final int TRUNCATED = 0x0200;
  private static final int HEADER = 12;
  private static final Reply UNKNOWN = new Reply(NXDOMAIN, false, List.of());

  /** One record. */
  @SuppressWarnings("ArrayRecordComponent") // bytes of a script, compared by nobody
  record Entry(String name, int type, int ttl, byte[] data) {
    static Entry address(String name, int ttl, String literal) {
      byte[] bytes = HostNames.literal(literal).getAddress();
      return new Entry(name, bytes.length == 4 ? A : AAAA, ttl, bytes);
    }

    static Entry alias(String name, String target) {
      return new Entry(name, CNAME, 60, encoded(target));
    }
  }

  /** An answer; one that is cut off is whole over TCP only. */
  record Reply(int code, boolean cutOff, List<Entry> entries) {}

  private final Map<String, Reply> replies = new ConcurrentHashMap<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final DatagramSocket udp;
  private final ServerSocket tcp;
  private volatile boolean silent;

  ScriptedDns() throws IOException {
    tcp = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    udp = new DatagramSocket(new InetSocketAddress(tcp.getInetAddress(), tcp.getLocalPort()));
    start("dns-udp", this::serveUdp);
    start("dns-tcp", this::serveTcp);
  }

  private static void start(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  InetSocketAddress address() {
    return (InetSocketAddress) udp.getLocalSocketAddress();
  }

  /** What was asked: over what, the type and the name. */
  List<String> asked() {
    return asked;
  }

  /** How often this was asked over UDP. */
  long asked(int type, String name) {
    return asked.stream().filter(("udp " + type + " " + name)::equals).count();
  }

  /** A question with these records for an answer, or with none. */
  ScriptedDns says(int type, String name, Entry... entries) {
    return says(type, name, new Reply(0, false, List.of(entries)));
  }

  ScriptedDns says(int type, String name, Reply reply) {
    replies.put(type + " " + name, reply);
    return this;
  }

  /** A question that is never answered. */
  ScriptedDns keepsQuiet(int type, String name) {
    return says(type, name, new Reply(-1, false, List.of()));
  }

  /** From now on nothing is answered. */
  void fallSilent() {
    silent = true;
  }

  private void serveUdp() {
    DatagramPacket packet = new DatagramPacket(new byte[4096], 4096);
    try {
      while (true) {
        packet.setLength(4096);
        udp.receive(packet);
        byte[] answer = answer("udp", Arrays.copyOf(packet.getData(), packet.getLength()));
        if (answer != null) {
          udp.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
        }
      }
    } catch (IOException e) {
      if (!udp.isClosed()) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void serveTcp() {
    try {
      while (true) {
        try (Socket socket = tcp.accept()) {
          DataInputStream in = new DataInputStream(socket.getInputStream());
          byte[] query = in.readNBytes(in.readUnsignedShort());
          byte[] answer = answer("tcp", query);
          if (answer != null) {
            DataOutputStream out = new DataOutputStream(socket.getOutputStream());
            out.writeShort(answer.length);
            out.write(answer);
            out.flush();
          }
        }
      }
    } catch (IOException e) {
      if (!tcp.isClosed()) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** RFC 1035 4.1: the question comes back, with the records behind it; null is silence. */
  private byte[] answer(String over, byte[] query) throws IOException {
    int end = HEADER;
    StringBuilder name = new StringBuilder();
    while (query[end] != 0) {
      name.append(new String(query, end + 1, query[end], StandardCharsets.US_ASCII)).append('.');
      end += query[end] + 1;
    }
    name.setLength(name.length() - 1);
    int type = ((query[end + 1] & 0xFF) << 8) | (query[end + 2] & 0xFF);
    String question = type + " " + name;
    asked.add(over + " " + question);
    Reply reply = replies.getOrDefault(question, UNKNOWN);
    if (silent || reply.code < 0) {
      return null;
    }
    boolean cut = reply.cutOff && over.equals("udp");
    List<Entry> entries = cut ? List.of() : reply.entries;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.write(query, 0, 2);
    out.writeShort(ANSWER | reply.code | (cut ? TRUNCATED : 0));
    out.writeShort(1);
    out.writeShort(entries.size());
    out.writeInt(0);
    out.write(query, HEADER, end + 5 - HEADER);
    for (Entry entry : entries) {
      out.write(encoded(entry.name));
      out.writeShort(entry.type);
      out.writeShort(1);
      out.writeInt(entry.ttl);
      out.writeShort(entry.data.length);
      out.write(entry.data);
    }
    return bytes.toByteArray();
  }

  private static byte[] encoded(String name) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (String label : name.split("\\.", -1)) {
      out.write(label.length());
      out.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
    }
    out.write(0);
    return out.toByteArray();
  }

  @Override
  public void close() throws IOException {
    udp.close();
    tcp.close();
  }
}
