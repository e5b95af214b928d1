package dev.runnel.samples.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.routing.Router;
import dev.runnel.samples.notes.NotesService;
import dev.runnel.samples.notes.NotesService.Note;
import dev.runnel.testkit.TestResponse;
import dev.runnel.testkit.TestServer;
import org.junit.jupiter.api.Test;

// snippet:testing-java
class NotesTest {
  private final Router router = Router.of(new NotesService().routes());

  @Test
  void aNoteIsAddedAndFound() {
    try (TestServer server = TestServer.of(router)) {
      TestResponse added =
          server.send(server.request("POST", "/notes").json(new Note("tea", "is out")));
      assertThat(added.status()).isEqualTo(201);
      assertThat(server.get("/notes/1").json(Note.class)).isEqualTo(new Note("tea", "is out"));
      assertThat(server.get("/notes/2").status()).isEqualTo(404);
    }
  }
}
// end
