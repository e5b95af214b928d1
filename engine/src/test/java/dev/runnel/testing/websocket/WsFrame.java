package dev.runnel.testing.websocket;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A frame (RFC 6455 5.2): as a good client sends it unless a wither says otherwise, or as it came
 * from the server. Immutable; arrays are not copied.
 */
public final class WsFrame {
  /** How the length is written. */
  public enum LengthForm {
    /** The shortest that holds it, as 5.2 wants. */
    MINIMAL,
    /** In 2 bytes. */
    TWO_BYTES,
    /** In 8 bytes. */
    EIGHT_BYTES
  }

  private static final byte[] KEY = {0x37, (byte) 0xfa, 0x21, 0x3d};
  private static final int AS_IT_IS = -1;

  private final boolean fin;
  private final int rsv;
  private final int opcode;
  private final byte[] payload;
  private final byte @Nullable [] key;
  private final LengthForm form;
  private final long declared;
  private final boolean declares;

  private WsFrame(
      boolean fin,
      int rsv,
      int opcode,
      byte[] payload,
      byte @Nullable [] key,
      LengthForm form,
      long declared,
      boolean declares) {
    this.fin = fin;
    this.rsv = rsv;
    this.opcode = opcode;
    this.payload = payload;
    this.key = key;
    this.form = form;
    this.declared = declared;
    this.declares = declares;
  }

  /** A frame of any opcode (0 to 15), the only one of its message, masked. */
  public static WsFrame of(int opcode, byte[] payload) {
    return new WsFrame(true, 0, opcode, payload, KEY, LengthForm.MINIMAL, AS_IT_IS, false);
  }

  /** A frame as the server sent it. */
  static WsFrame received(boolean fin, int rsv, int opcode, byte[] payload) {
    return new WsFrame(fin, rsv, opcode, payload, null, LengthForm.MINIMAL, AS_IT_IS, false);
  }

  public static WsFrame text(String text) {
    return of(Opcode.TEXT, utf8(text));
  }

  /** Text that may be none. */
  public static WsFrame text(byte[] bytes) {
    return of(Opcode.TEXT, bytes);
  }

  public static WsFrame binary(byte[] bytes) {
    return of(Opcode.BINARY, bytes);
  }

  public static WsFrame continuation(String text) {
    return of(Opcode.CONTINUATION, utf8(text));
  }

  public static WsFrame continuation(byte[] bytes) {
    return of(Opcode.CONTINUATION, bytes);
  }

  public static WsFrame ping(String payload) {
    return of(Opcode.PING, utf8(payload));
  }

  public static WsFrame pong(String payload) {
    return of(Opcode.PONG, utf8(payload));
  }

  /** A Close without a code. */
  public static WsFrame close() {
    return close(new byte[0]);
  }

  /** A Close of any payload. */
  public static WsFrame close(byte[] payload) {
    return of(Opcode.CLOSE, payload);
  }

  public static WsFrame close(int code) {
    return close(code, "");
  }

  public static WsFrame close(int code, String reason) {
    return close(code, utf8(reason));
  }

  /** A Close whose reason may be no text. */
  public static WsFrame close(int code, byte[] reason) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    all.write(code >> 8);
    all.write(code);
    all.writeBytes(reason);
    return close(all.toByteArray());
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** More of its message follows. */
  public WsFrame notLast() {
    return new WsFrame(false, rsv, opcode, payload, key, form, declared, declares);
  }

  /**
   * @param bits 4 is RSV1, 2 is RSV2, 1 is RSV3
   */
  public WsFrame rsv(int bits) {
    return new WsFrame(fin, bits, opcode, payload, key, form, declared, declares);
  }

  public WsFrame unmasked() {
    return new WsFrame(fin, rsv, opcode, payload, null, form, declared, declares);
  }

  /**
   * @param fourBytes the masking key
   */
  public WsFrame masked(byte... fourBytes) {
    return new WsFrame(fin, rsv, opcode, payload, fourBytes, form, declared, declares);
  }

  public WsFrame length(LengthForm longer) {
    return new WsFrame(fin, rsv, opcode, payload, key, longer, declared, declares);
  }

  /** Says this length, negative ones too, whatever the payload has. */
  public WsFrame declares(long length) {
    return new WsFrame(fin, rsv, opcode, payload, key, form, length, true);
  }

  /** The same with another payload. */
  public WsFrame payload(byte[] bytes) {
    return new WsFrame(fin, rsv, opcode, bytes, key, form, declared, declares);
  }

  public boolean isLast() {
    return fin;
  }

  public int rsv() {
    return rsv;
  }

  public int opcode() {
    return opcode;
  }

  public byte[] payload() {
    return payload;
  }

  /** The payload, which should be UTF-8. */
  public String content() {
    return new String(payload, StandardCharsets.UTF_8);
  }

  public boolean isControl() {
    return Opcode.isControl(opcode);
  }

  /** As it stands on the wire. */
  public byte[] encode() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write((fin ? 0x80 : 0) | rsv << 4 | opcode);
    writeLength(out, declares ? declared : payload.length);
    byte[] masking = key;
    if (masking == null) {
      out.writeBytes(payload);
      return out.toByteArray();
    }
    out.writeBytes(masking);
    byte[] masked = Arrays.copyOf(payload, payload.length);
    for (int i = 0; i < masked.length; i++) {
      masked[i] ^= masking[i & 3];
    }
    out.writeBytes(masked);
    return out.toByteArray();
  }

  private void writeLength(ByteArrayOutputStream out, long length) {
    int bit = key == null ? 0 : 0x80;
    boolean large = length < 0 || length > 0xffff;
    if (form == LengthForm.EIGHT_BYTES || large) {
      out.write(bit | 127);
      write(out, length, 8);
    } else if (form == LengthForm.TWO_BYTES || length > 125) {
      out.write(bit | 126);
      write(out, length, 2);
    } else {
      out.write(bit | (int) length);
    }
  }

  private static void write(ByteArrayOutputStream out, long value, int bytes) {
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
      out.write((int) (value >>> shift));
    }
  }

  @Override
  public String toString() {
    String start =
        new String(payload, 0, Math.min(40, payload.length), StandardCharsets.ISO_8859_1);
    return (fin ? "FIN " : "")
        + (rsv == 0 ? "" : "RSV" + rsv + " ")
        + ("opcode " + opcode + ", " + payload.length + " bytes: ")
        + start.replaceAll("[^ -~]", ".");
  }
}
