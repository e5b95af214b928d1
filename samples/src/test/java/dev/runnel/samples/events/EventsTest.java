package dev.runnel.samples.events;

import static org.assertj.core.api.Assertions.assertThat;

import dev.runnel.io.Bytes;
import dev.runnel.routing.Routes;
import dev.runnel.server.Server;
import dev.runnel.sse.EventParser;
import dev.runnel.sse.ServerEvent;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class EventsTest {
  private final HttpClient client = HttpClient.newHttpClient();

  @Test
  void blockingCodeCounts() throws Exception {
    try (Server server = serve(new EventsJava().routes())) {
      assertThat(data(open(server, "/count/3", ""), 3)).containsExactly("1", "2", "3");
    }
  }

  @Test
  void newsGoToAllWhoListen() throws Exception {
    try (Server server = serve(new EventsJava().routes())) {
      try (InputStream one = open(server, "/news", "");
          InputStream other = open(server, "/news", "")) {
        assertThat(post(server, "/news", "hello").statusCode()).isEqualTo(202);
        assertThat(data(one, 1)).containsExactly("hello");
        assertThat(data(other, 1)).containsExactly("hello");
      }
    }
  }

  @Test
  void whoWasAwayGetsWhatItMissed() throws Exception {
    try (Server server = serve(EventsServiceKt.priceRoutes())) {
      for (int i = 1; i <= 3; i++) {
        assertThat(post(server, "/prices/RNL/" + i, "").statusCode()).isEqualTo(204);
      }
      List<ServerEvent> all;
      try (InputStream stream = open(server, "/prices", "")) {
        all = events(stream, 3);
      }
      try (InputStream stream = open(server, "/prices", all.get(1).id())) {
        assertThat(events(stream, 1)).containsExactly(all.get(2));
      }
      assertThat(all.get(2).data()).isEqualTo("{\"symbol\":\"RNL\",\"cents\":3}");
    }
  }

  @Test
  void whatIsTooLongIsRefused() throws Exception {
    try (Server server = serve(EventsServiceKt.priceRoutes())) {
      assertThat(get(server, "/countdown/1001", "").statusCode()).isEqualTo(400);
      assertThat(data(open(server, "/countdown/0", ""), 1)).containsExactly("0");
    }
  }

  private static Server serve(Routes routes) {
    return Server.builder().port(0).routes(routes).start();
  }

  private InputStream open(Server server, String path, String lastEventId) throws Exception {
    HttpResponse<InputStream> answer = get(server, path, lastEventId);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/event-stream");
    return answer.body();
  }

  private HttpResponse<InputStream> get(Server server, String path, String lastEventId)
      throws Exception {
    HttpRequest.Builder request = HttpRequest.newBuilder(server.uri().resolve(path));
    if (!lastEventId.isEmpty()) {
      request.header("Last-Event-ID", lastEventId);
    }
    return client.send(request.build(), BodyHandlers.ofInputStream());
  }

  private HttpResponse<Void> post(Server server, String path, String body) throws Exception {
    return client.send(
        HttpRequest.newBuilder(server.uri().resolve(path))
            .POST(BodyPublishers.ofString(body))
            .build(),
        BodyHandlers.discarding());
  }

  private static List<String> data(InputStream stream, int count) throws IOException {
    return events(stream, count).stream().map(ServerEvent::data).toList();
  }

  /** Reads until so many events came. */
  private static List<ServerEvent> events(InputStream stream, int count) throws IOException {
    List<ServerEvent> events = new ArrayList<>();
    EventParser parser = new EventParser();
    byte[] buffer = new byte[1024];
    while (events.size() < count) {
      int length = stream.read(buffer);
      assertThat(length).as("the stream ended behind " + events).isPositive();
      parser.parse(Bytes.copyOf(buffer, 0, length), events::add);
    }
    return events;
  }
}
