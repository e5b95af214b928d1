package dev.runnel.samples.hello;

// snippet:java
import dev.runnel.http.Response;
import dev.runnel.server.Server;

public final class HelloJava {
  public static void main(String[] args) {
    Server server =
        Server.builder()
            .port(8080)
            .routes(
                r ->
                    r.get("/hello/{name}", req -> Response.ok("Hello, " + req.path("name") + "!"))
                        .post("/length", req -> Response.ok(req.body().bytes().length + " bytes")))
            .start();
    server.stopOnSignal(Server.DEFAULT_DRAIN);
    server.awaitStopped();
  }

  // end
  private HelloJava() {}
}
