package dev.runnel.samples.notes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.server.Server;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;

class NotesServiceTest {
  private final HttpClient client = HttpClient.newHttpClient();

  @Test
  void notesAreAddedFoundAndCounted() throws Exception {
    try (Server server = Server.builder().port(0).routes(new NotesService().routes()).start()) {
      HttpResponse<String> added = post(server, "/notes", "{\"title\":\"a\",\"text\":\"b\"}");
      assertThat(added.statusCode()).isEqualTo(201);
      assertThat(added.headers().firstValue("Location")).contains("/notes/1");
      assertThat(get(server, "/notes/1").body()).isEqualTo("{\"title\":\"a\",\"text\":\"b\"}");
      assertThat(get(server, "/notes/2").statusCode()).isEqualTo(404);
      assertThat(get(server, "/notes").body()).contains("\"1\"");
      assertThat(post(server, "/notes", "{\"title\":\"\"}").statusCode()).isEqualTo(422);
      assertThat(post(server, "/notes", "{\"title\":").statusCode()).isEqualTo(400);
      assertThat(post(server, "/count", "x".repeat(2_000_000)).body()).isEqualTo("2000000 bytes\n");
    }
  }

  private HttpResponse<String> get(Server server, String path)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(server.uri().resolve(path)).build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> post(Server server, String path, String body)
      throws IOException, InterruptedException {
    return client.send(
        HttpRequest.newBuilder(server.uri().resolve(path))
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.ofString());
  }
}
