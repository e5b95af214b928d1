package dev.runnel.samples.notes;

import dev.runnel.http.HttpError;
import dev.runnel.http.Method;
import dev.runnel.http.Request;
import dev.runnel.http.Response;
import dev.runnel.http.Status;
import dev.runnel.routing.Routes;
import dev.runnel.server.Filters;
import dev.runnel.server.Server;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Notes in memory: the three kinds of Java handlers, with Jackson for the JSON. */
public final class NotesService {
  private final Map<Integer, Note> notes = new ConcurrentSkipListMap<>();
  private final AtomicInteger ids = new AtomicInteger();

  /**
   * A note.
   *
   * @param title what it is about
   * @param text what it says
   */
  public record Note(String title, String text) {}

  /** The routes, to be served or mounted somewhere. */
  public Routes routes() {
    return Routes.of(
        r ->
            r.use(Filters.requestId(), Filters.accessLog())
                .use(Filters.requestTimeout(Duration.ofSeconds(2)))
                .get("/notes", req -> Response.json(notes))
                .post("/notes", this::add)
                .getAsync("/notes/{id:int}", this::find)
                .handle(Method.POST, "/count", exchange -> new ByteCounter(exchange).run()));
  }

  private Response add(Request request) {
    Note note = request.body().json(Note.class);
    if (note.title() == null || note.title().isBlank()) {
      throw new HttpError(422, "a note needs a title");
    }
    int id = ids.incrementAndGet();
    notes.put(id, note);
    return Response.json(note).status(Status.CREATED).header("Location", "/notes/" + id);
  }

  private CompletionStage<Response> find(Request request) {
    Note note = notes.get(request.pathInt("id"));
    return CompletableFuture.completedFuture(
        note == null ? Response.notFound() : Response.json(note));
  }

  /** Serves the notes on port 8080. */
  public static void main(String[] args) {
    Server server = Server.builder().port(8080).routes(new NotesService().routes()).start();
    server.stopOnSignal(Server.DEFAULT_DRAIN);
    server.awaitStopped();
  }
}
