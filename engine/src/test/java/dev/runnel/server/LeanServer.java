package dev.runnel.server;

import dev.runnel.engine.internal.netty.LeanClient;
import dev.runnel.http.Response;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Run by {@link LeanClassPathTest} in a process of its own. */
final class LeanServer {
  private LeanServer() {}

  public static void main(String[] args) throws Exception {
    try (Server server =
        Server.builder().port(0).routes(r -> r.get("/", req -> Response.ok("hello"))).start()) {
      HttpResponse<String> answer =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(server.uri()).timeout(Duration.ofSeconds(10)).build(),
                  HttpResponse.BodyHandlers.ofString());
      System.out.println(
          "answered " + answer.statusCode() + " " + answer.body() + " over " + server.transport());
      System.out.println("called by name: " + LeanClient.call(server.uri().getPort()));
    }
  }
}
