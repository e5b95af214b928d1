package dev.runnel.client;

import dev.runnel.http.Body;
import dev.runnel.http.BodyReader;
import dev.runnel.io.Loop;
import java.util.function.Consumer;

/** Opens bodies on the loop that they live on. */
final class AtHome {
  private AtHome() {}

  /** Gives the reader, on its loop, or what opening it failed with. */
  static void open(
      Body.Source source, Consumer<BodyReader> use, Consumer<RuntimeException> failed) {
    Loop home = source.home();
    if (home != null) {
      home.execute(() -> openHere(source, use, failed));
      return;
    }
    // It lives on the loop that opens it, and nobody says which; its reader knows.
    openHere(source, reader -> reader.loop().execute(() -> use.accept(reader)), failed);
  }

  private static void openHere(
      Body.Source source, Consumer<BodyReader> use, Consumer<RuntimeException> failed) {
    BodyReader reader;
    try {
      reader = source.open();
    } catch (RuntimeException e) {
      failed.accept(e);
      return;
    }
    use.accept(reader);
  }
}
