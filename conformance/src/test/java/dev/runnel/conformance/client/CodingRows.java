package dev.runnel.conformance.client;

import static dev.runnel.conformance.client.Hostile.http1;

import dev.runnel.client.ContentDecoding;
import dev.runnel.http.Request;
import dev.runnel.transport.ClientException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;

/** Content codings (RFC 9110 8.4) that are broken, cut off, or grow without end. */
final class CodingRows {
  private static final String TEXT = "hello, hello, hello";

  private CodingRows() {}

  static List<Hostile> rows() {
    List<Hostile> rows = new ArrayList<>();
    broken(rows);
    cutOff(rows);
    bombs(rows);
    lists(rows);
    return rows;
  }

  private static byte[] gzip(byte[] plain) {
    return coded(plain, true);
  }

  private static byte[] deflate(byte[] plain) {
    return coded(plain, false);
  }

  private static byte[] coded(byte[] plain, boolean gzip) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (OutputStream coder = gzip ? new GZIPOutputStream(out) : new DeflaterOutputStream(out)) {
      coder.write(plain);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }

  private static byte[] text() {
    return TEXT.getBytes(StandardCharsets.US_ASCII);
  }

  /** A whole answer, as far as HTTP goes; the connection has nothing to do with its coding. */
  private static Hostile coded(String name, String coding, byte[] body) {
    return http1("coding: " + name, line -> line.send(head(coding, body.length), body));
  }

  private static String head(String coding, int length) {
    return "HTTP/1.1 200 OK\r\nContent-Encoding: "
        + coding
        + "\r\nContent-Length: "
        + length
        + "\r\n\r\n";
  }

  /** What is left of the answer when its coding fails is given up with its connection. */
  private static Hostile fails(String name, String coding, byte[] body, String... words) {
    return http1(
            "coding: " + name,
            line -> {
              line.send(head(coding, body.length + 1), body);
              line.stall();
            })
        .fails(Reason.CONTENT_DECODING, words);
  }

  private static void broken(List<Hostile> rows) {
    byte[] whole = gzip(text());
    rows.add(coded("gzip", "gzip", whole).answers(200, TEXT).keeps());
    rows.add(coded("deflate", "deflate", deflate(text())).answers(200, TEXT).keeps());
    rows.add(fails("plain text as gzip", "gzip", text(), "gzip"));
    rows.add(
        fails(
            "plain text as deflate",
            "deflate",
            "\u00ff\u00ff\u00ff\u00ff".getBytes(StandardCharsets.ISO_8859_1),
            "deflate"));
    byte[] checksum = whole.clone();
    checksum[whole.length - 5] ^= 1;
    rows.add(fails("gzip with a wrong checksum", "gzip", checksum, "gzip"));
    byte[] length = whole.clone();
    length[whole.length - 1] ^= 1;
    rows.add(fails("gzip with a wrong length", "gzip", length, "gzip"));
    byte[] method = whole.clone();
    method[2] = 7;
    rows.add(fails("gzip with an unknown method", "gzip", method, "gzip"));
    byte[] damaged = whole.clone();
    Arrays.fill(damaged, 12, 20, (byte) 0x55);
    rows.add(fails("gzip with damaged data", "gzip", damaged, "gzip"));
    byte[] more = Arrays.copyOf(whole, whole.length + 9);
    Arrays.fill(more, whole.length, more.length, (byte) 'x');
    rows.add(fails("gzip and bytes behind it", "gzip", more, "gzip"));
  }

  private static void cutOff(List<Hostile> rows) {
    byte[] whole = gzip(text());
    for (int length : new int[] {1, 5, 12, whole.length - 8, whole.length - 1}) {
      rows.add(
          coded("gzip, " + length + " bytes of it", "gzip", Arrays.copyOf(whole, length))
              .fails(Reason.CONTENT_DECODING, "gzip")
              .keeps());
    }
    byte[] zlib = deflate(text());
    rows.add(
        coded("deflate, half of it", "deflate", Arrays.copyOf(zlib, zlib.length / 2))
            .fails(Reason.CONTENT_DECODING, "deflate")
            .keeps());
    for (String coding : List.of("br", "zstd")) {
      if (ContentDecoding.acceptEncoding().contains(coding)) { // their libraries are optional
        rows.add(fails("no " + coding, coding, new byte[64], coding));
      }
    }
    rows.add(
        http1(
                "coding: gzip whose connection closes",
                line -> {
                  line.send(head("gzip", whole.length), Arrays.copyOf(whole, 12));
                  line.close();
                })
            .fails(Reason.CONNECTION_LOST, "after 12 bytes of the body"));
  }

  private static void bombs(List<Hostile> rows) {
    byte[] bomb = gzip(new byte[8 << 20]);
    rows.add(
        coded("a gzip bomb above the limit of what is held", "gzip", bomb)
            .client(c -> c.maxHeld(1 << 20))
            .fails(Reason.TOO_LARGE, "limit of")
            .keeps());
    rows.add(
        coded("a gzip bomb above the cap", "gzip", bomb)
            .client(c -> c.decoding(ContentDecoding.DEFAULT.withMaxBytes(1 << 20)))
            .fails(Reason.CONTENT_DECODING, "gzip")
            .keeps());
    rows.add(
        coded("a gzip bomb above the ratio", "gzip", bomb)
            .client(c -> c.decoding(ContentDecoding.DEFAULT.withMaxRatio(100)))
            .fails(Reason.CONTENT_DECODING, "gzip")
            .keeps());
    rows.add(
        coded("a bomb in a bomb", "gzip, gzip", gzip(bomb))
            .fails(Reason.CONTENT_DECODING, "gzip")
            .keeps());
    rows.add(
        http1(
                "coding: gzip members for ever",
                line -> {
                  byte[] empty = repeat(gzip(new byte[0]), 200);
                  line.send("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n");
                  while (true) {
                    line.send(empty);
                  }
                })
            .client(c -> c.timeouts(t -> t.withCall(Duration.ofMillis(500))))
            .takesAtMost(Long.MAX_VALUE)
            .fails(Reason.CALL_TIMEOUT));
  }

  private static byte[] repeat(byte[] piece, int times) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < times; i++) {
      out.writeBytes(piece);
    }
    return out.toByteArray();
  }

  private static void lists(List<Hostile> rows) {
    rows.add(
        coded("six codings", "gzip, gzip, gzip, gzip, gzip, gzip", gzip(text()))
            .fails(Reason.CONTENT_DECODING, "6 content codings"));
    rows.add(coded("an unknown one", "secret", text()).answers(200, TEXT).keeps());
    rows.add(
        coded("an unknown one around gzip", "gzip, secret", text()).answers(200, TEXT).keeps());
    rows.add(coded("nothing but commas", ",,,", text()).answers(200, TEXT).keeps());
    rows.add(
        http1("coding: of a HEAD", line -> line.send(head("gzip", 9)))
            .request(r -> Request.head(r.uri().toString()))
            .answers(200, "")
            .keeps());
    rows.add(
        http1(
                "coding: of 304",
                line -> line.send("HTTP/1.1 304 X\r\nContent-Encoding: gzip\r\n\r\n"))
            .answers(304, "")
            .keeps());
    rows.add(
        http1("coding: gzip of no bytes", line -> line.send(head("gzip", 0)))
            .answers(200, "")
            .keeps());
  }
}
