package dev.runnel.benchmarks.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TestFilesTest {
  private static final long DOWNLOAD_BYTES = 10 << 20;

  @TempDir private Path folder;

  /** So that OpenSSL, which only those who measure must have, is not asked. */
  @BeforeEach
  void aKeyStoreOfAnEarlierRun() throws IOException {
    Files.writeString(folder.resolve(TestFiles.KEY_STORE), "earlier");
  }

  @Test
  void theDownloadHasTenMebibytes() throws Exception {
    TestFiles.make(folder);

    assertThat(folder.resolve(TestFiles.DOWNLOAD)).hasSize(DOWNLOAD_BYTES);
  }

  @Test
  void whatIsThereStays() throws Exception {
    byte[] download = new byte[(int) DOWNLOAD_BYTES];
    download[0] = 1;
    Files.write(folder.resolve(TestFiles.DOWNLOAD), download);

    TestFiles.make(folder);

    assertThat(folder.resolve(TestFiles.DOWNLOAD)).hasBinaryContent(download);
    assertThat(folder.resolve(TestFiles.KEY_STORE)).hasContent("earlier");
    assertThat(folder).as("nothing was run").isDirectoryNotContaining("glob:**openssl.log");
  }

  @Test
  void aDownloadThatWasCutShortIsMadeAgain() throws Exception {
    Files.write(folder.resolve(TestFiles.DOWNLOAD), new byte[1_000]);

    TestFiles.make(folder);

    assertThat(folder.resolve(TestFiles.DOWNLOAD)).hasSize(DOWNLOAD_BYTES);
  }

  @Test
  void theKeyStoreHasTheKeyAndItsCertificate() throws Exception {
    assumeThat(Commands.program("openssl")).as("OpenSSL").isNotNull();
    Path store = folder.resolve(TestFiles.KEY_STORE);
    Files.delete(store);

    TestFiles.make(folder);

    KeyStore keys = KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
    assertThat(keys.isKeyEntry("bench")).isTrue();
    assertThat(keys.getCertificate("bench").getPublicKey().getAlgorithm()).isEqualTo("RSA");
    assertThat(folder.resolve(TestFiles.CERT)).isNotEmptyFile();
    assertThat(folder.resolve(TestFiles.KEY)).isNotEmptyFile();
  }

  @Test
  void aFolderThatIsNotThereIsAnError() {
    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> TestFiles.make(folder.resolve("nowhere")))
        .withMessageContaining("nowhere");
  }
}
