package dev.runnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JsonCodecsTest {
  @Test
  void findsJacksonOnce() {
    assertThat(BodyCodec.json()).isInstanceOf(JacksonCodec.class).isSameAs(BodyCodec.json());
  }

  @Test
  void providersGoFirst(@TempDir Path folder) throws Exception {
    Path services = Files.createDirectories(folder.resolve("META-INF/services"));
    Files.writeString(services.resolve(BodyCodec.class.getName()), Provided.class.getName());
    URL[] path = {folder.toUri().toURL()};
    try (URLClassLoader loader = new URLClassLoader(path, getClass().getClassLoader())) {
      assertThat(JsonCodecs.find(loader)).isInstanceOf(Provided.class);
    }
  }

  @Test
  void saysWhichDependencyIsMissing() {
    ClassLoader bare = ClassLoader.getPlatformClassLoader();

    assertThatIllegalStateException()
        .isThrownBy(() -> JsonCodecs.find(bare))
        .withMessageContaining("com.fasterxml.jackson.core:jackson-databind");
  }

  public static final class Provided implements BodyCodec {
    @Override
    public byte[] encode(Object value) {
      return new byte[0];
    }

    @Override
    public <T> T decode(byte[] document, Class<T> type) {
      throw HttpError.badRequest("never");
    }
  }
}
