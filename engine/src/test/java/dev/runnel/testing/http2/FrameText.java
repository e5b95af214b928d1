package dev.runnel.testing.http2;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/** Frames as a person reads them. */
final class FrameText {
  private static final String[] TYPES = {
    "DATA",
    "HEADERS",
    "PRIORITY",
    "RST_STREAM",
    "SETTINGS",
    "PUSH_PROMISE",
    "PING",
    "GOAWAY",
    "WINDOW_UPDATE",
    "CONTINUATION"
  };
  private static final int LONGEST_VALUE = 120;

  private FrameText() {}

  static String type(int type) {
    if (type == Frame.PRIORITY_UPDATE) {
      return "PRIORITY_UPDATE";
    }
    return type < TYPES.length ? TYPES[type] : "type 0x" + Integer.toHexString(type);
  }

  static String of(Frame frame, List<Field> fields) {
    StringBuilder text = new StringBuilder(type(frame.type()));
    text.append(' ').append(frame.stream());
    if (frame.flags() != 0) {
      text.append(' ').append(flags(frame));
    }
    return text.append(' ').append(fields.isEmpty() ? payload(frame) : fields(fields)).toString();
  }

  private static String fields(List<Field> fields) {
    return fields.stream()
        .map(Field::toString)
        .map(f -> f.length() > LONGEST_VALUE ? f.substring(0, LONGEST_VALUE) + "…" : f)
        .collect(Collectors.joining(" "));
  }

  private static String flags(Frame frame) {
    List<String> names = new ArrayList<>();
    int rest = frame.flags();
    if (frame.has(1)) {
      boolean ack = frame.type() == Frame.SETTINGS || frame.type() == Frame.PING;
      names.add(ack ? "ACK" : "END_STREAM");
    }
    if (frame.has(Frame.END_HEADERS)) {
      names.add("END_HEADERS");
    }
    if (frame.has(Frame.PADDED)) {
      names.add("PADDED");
    }
    if (frame.has(Frame.PRIORITIZED)) {
      names.add("PRIORITY");
    }
    rest &= ~(1 | Frame.END_HEADERS | Frame.PADDED | Frame.PRIORITIZED);
    if (rest != 0) {
      names.add("0x" + Integer.toHexString(rest));
    }
    return String.join("|", names);
  }

  private static String payload(Frame frame) {
    int length = frame.payload().length;
    return switch (frame.type()) {
      case Frame.RST_STREAM -> length == 4 ? ErrorCode.name(frame.code()) : hex(frame);
      case Frame.WINDOW_UPDATE -> length == 4 ? "+" + frame.intAt(0) : hex(frame);
      case Frame.GOAWAY -> length >= 8 ? goAway(frame) : hex(frame);
      case Frame.SETTINGS -> length % 6 == 0 ? settings(frame) : hex(frame);
      case Frame.PING, Frame.PRIORITY -> hex(frame);
      default -> length + " bytes";
    };
  }

  private static String goAway(Frame frame) {
    byte[] all = frame.payload();
    String debug = new String(all, 8, all.length - 8, StandardCharsets.UTF_8);
    return "last="
        + frame.intAt(0)
        + " "
        + ErrorCode.name(frame.code())
        + (debug.isEmpty() ? "" : " '" + debug + "'");
  }

  private static String settings(Frame frame) {
    return frame.values().entrySet().stream()
        .map(e -> Setting.name(e.getKey()) + "=" + Integer.toUnsignedString(e.getValue()))
        .collect(Collectors.joining(" "));
  }

  private static String hex(Frame frame) {
    byte[] all = frame.payload();
    return HexFormat.of().formatHex(all, 0, Math.min(all.length, 16))
        + (all.length > 16 ? "…" : "");
  }
}
