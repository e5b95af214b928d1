package dev.runnel.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.runnel.io.Bytes;
import dev.runnel.transport.ClientException;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

/** The format of RFC 1952, field by field. */
class GzipFormatTest {
  private static final byte[] PLAIN = Coded.text(100, 1);

  private final TestLoop loop = new TestLoop();

  private byte[] decode(byte[] coded, int cut) {
    ScriptedReader wire = ScriptedReader.of(loop, Coded.cut(coded, cut));
    return ReadAll.all(loop, ContentDecoding.DEFAULT.decode("gzip", wire));
  }

  private ClientException failure(byte[] coded) {
    return catchThrowableOfType(ClientException.class, () -> decode(coded, 3));
  }

  /** A member whose head has these flags, and the fields that they stand for. */
  private static byte[] member(int flags, int headerCrcError) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {0x1F, (byte) 0x8B, 8, (byte) flags, 1, 2, 3, 4, 0, 3});
    if ((flags & 4) != 0) {
      out.writeBytes(new byte[] {5, 0, 'e', 'x', 0, 'r', 'a'});
    }
    if ((flags & 8) != 0) {
      out.writeBytes(new byte[] {'n', 'a', 'm', 'e', 0});
    }
    if ((flags & 16) != 0) {
      out.writeBytes(new byte[] {0});
    }
    if ((flags & 2) != 0) {
      CRC32 crc = new CRC32();
      crc.update(out.toByteArray());
      long value = crc.getValue() ^ headerCrcError;
      out.write((int) value & 0xFF);
      out.write((int) (value >> 8) & 0xFF);
    }
    byte[] usual = Coded.encode("gzip", PLAIN);
    out.write(usual, 10, usual.length - 10);
    return out.toByteArray();
  }

  @Test
  void allFieldsOfTheHeadAreSkippedWhereverItIsCut() {
    for (int flags = 0; flags < 32; flags++) {
      byte[] coded = member(flags, 0);
      for (int cut = 0; cut < 40; cut++) {
        assertThat(decode(coded, cut)).as("flags %d, cut at %d", flags, cut).isEqualTo(PLAIN);
      }
    }
  }

  @Test
  void anExtraFieldOfNoBytesIsNone() {
    byte[] coded = new byte[Coded.encode("gzip", PLAIN).length + 2];
    byte[] usual = Coded.encode("gzip", PLAIN);
    System.arraycopy(usual, 0, coded, 0, 10);
    System.arraycopy(usual, 10, coded, 12, usual.length - 10);
    coded[3] = 4;
    assertThat(decode(coded, 11)).isEqualTo(PLAIN);
  }

  @Test
  void theChecksumOfTheHeadIsChecked() {
    assertThat(failure(member(2, 1))).hasMessageContaining("head with a wrong checksum");
    assertThat(failure(member(31, 0x8000))).hasMessageContaining("head with a wrong checksum");
  }

  @Test
  void whatRfc1952RulesOutIsRefused() {
    for (int flag : List.of(0x20, 0x40, 0x80)) {
      assertThat(failure(member(flag, 0))).hasMessageContaining("reserve");
    }
    byte[] coded = Coded.encode("gzip", PLAIN);
    byte[] method = coded.clone();
    method[2] = 7;
    assertThat(failure(method)).hasMessageContaining("method 7");
    byte[] mark = coded.clone();
    mark[1] = 0;
    assertThat(failure(mark)).hasMessageContaining("mark of gzip");
  }

  @Test
  void checksumAndLengthOfTheContentAreChecked() {
    byte[] coded = Coded.encode("gzip", PLAIN);
    for (int i = 1; i <= 8; i++) {
      byte[] wrong = coded.clone();
      wrong[coded.length - i] ^= 0x40;
      assertThat(failure(wrong))
          .as("byte %d from the end", i)
          .hasMessageContaining(i <= 4 ? "length" : "checksum");
    }
  }

  @Test
  void theErrorNamesCodingAndPlace() {
    byte[] first = Coded.encode("gzip", PLAIN);
    ScriptedReader wire = ScriptedReader.of(loop, Bytes.copyOf(first), Bytes.utf8("??"));
    ClientException failure =
        catchThrowableOfType(
            ClientException.class,
            () -> ReadAll.all(loop, ContentDecoding.DEFAULT.decode("x-gzip", wire)));
    assertThat(failure)
        .hasMessageContaining("x-gzip")
        .hasMessageContaining("byte " + (first.length + 1) + " ");
  }
}
