package dev.runnel.peers;

import static org.springframework.http.MediaType.APPLICATION_JSON;
import static org.springframework.http.MediaType.APPLICATION_OCTET_STREAM;
import static org.springframework.http.MediaType.TEXT_PLAIN;
import static org.springframework.web.reactive.function.BodyInserters.fromServerSentEvents;
import static org.springframework.web.reactive.function.server.ServerResponse.ok;

import java.time.Duration;
import java.util.Map;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.io.FileSystemResource;
import org.springframework.core.io.Resource;
import org.springframework.core.task.VirtualThreadTaskExecutor;
import org.springframework.http.codec.ServerCodecConfigurer;
import org.springframework.http.codec.ServerSentEvent;
import org.springframework.web.reactive.HandlerMapping;
import org.springframework.web.reactive.config.EnableWebFlux;
import org.springframework.web.reactive.config.WebFluxConfigurer;
import org.springframework.web.reactive.function.server.RouterFunction;
import org.springframework.web.reactive.function.server.RouterFunctions;
import org.springframework.web.reactive.function.server.ServerRequest;
import org.springframework.web.reactive.function.server.ServerResponse;
import org.springframework.web.reactive.handler.SimpleUrlHandlerMapping;
import org.springframework.web.reactive.socket.WebSocketHandler;
import org.springframework.web.reactive.socket.WebSocketMessage;
import org.springframework.web.reactive.socket.WebSocketSession;
import reactor.core.publisher.Flux;
import reactor.core.publisher.Mono;
import reactor.core.publisher.Sinks;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * The routes, as functional endpoints, and WebSocket in a mapping of its own. Blocking code runs on
 * Spring's executor of virtual threads. What is published waits in a queue for each subscriber.
 */
@Configuration
@EnableWebFlux
class WebFluxRoutes implements WebFluxConfigurer {
  private static final int ROUTES = 50;
  private static final int PIECES = 160;
  private static final byte[] PIECE = new byte[64 * 1024];
  private static final byte[] DOWNLOAD = new byte[PIECES * PIECE.length];
  private static final int MAX_BODY = 1024 * 1024;
  private static final Duration RETRY = Duration.ofSeconds(1);
  private static final ServerSentEvent<String> SUBSCRIBED =
      ServerSentEvent.<String>builder().comment("subscribed").build();
  private static final ServerSentEvent<String> EVENT =
      ServerSentEvent.builder("x".repeat(100)).build();

  private final Scheduler blocking = Schedulers.fromExecutor(new VirtualThreadTaskExecutor());
  private final Sinks.Many<ServerSentEvent<String>> events =
      Sinks.many().multicast().directBestEffort();
  private final Sinks.Many<Said> room = Sinks.many().multicast().directBestEffort();

  record Message(String message) {}

  /** A message of the room, which outlives the buffer it came in. */
  record Said(WebSocketMessage.Type type, byte[] payload) {
    static Said of(WebSocketMessage message) {
      byte[] payload = new byte[message.getPayload().readableByteCount()];
      message.getPayload().read(payload);
      return new Said(message.getType(), payload);
    }

    WebSocketMessage to(WebSocketSession session) {
      return new WebSocketMessage(type, session.bufferFactory().wrap(payload));
    }
  }

  @Override
  public void configureHttpMessageCodecs(ServerCodecConfigurer configurer) {
    configurer.defaultCodecs().maxInMemorySize(MAX_BODY);
  }

  @Bean
  RouterFunction<ServerResponse> routes() {
    Resource file = new FileSystemResource(System.getProperty("bench.file", "10m.bin"));
    RouterFunctions.Builder routes =
        RouterFunctions.route()
            .GET("/plaintext", request -> hello())
            .GET("/json", request -> json())
            .POST("/echo", WebFluxRoutes::echo)
            .GET("/download/bytes", request -> octets().bodyValue(DOWNLOAD))
            .GET("/download/file", request -> octets().bodyValue(file))
            .GET("/download/stream", request -> octets().body(pieces(), byte[].class))
            .GET("/delay", request -> Mono.delay(Duration.ofMillis(1)).then(hello()))
            .GET("/block", request -> sleep().then(hello()))
            .GET("/events", request -> ok().body(fromServerSentEvents(subscription())))
            .POST("/publish/{n}", this::publish);
    for (int i = 0; i < ROUTES; i++) {
      routes.GET("/r" + i + "/{id}", request -> text(request.pathVariable("id")));
    }
    return routes.build();
  }

  @Bean
  HandlerMapping sockets() {
    Map<String, WebSocketHandler> handlers =
        Map.of("/ws/echo", WebFluxRoutes::echo, "/ws/room", this::room);
    return new SimpleUrlHandlerMapping(handlers, -1);
  }

  private static Mono<ServerResponse> hello() {
    return text("Hello, World!");
  }

  private static Mono<ServerResponse> text(String text) {
    return ok().contentType(TEXT_PLAIN).bodyValue(text);
  }

  private static Mono<ServerResponse> json() {
    return ok().contentType(APPLICATION_JSON).bodyValue(new Message("Hello, World!"));
  }

  private static ServerResponse.BodyBuilder octets() {
    return ok().contentType(APPLICATION_OCTET_STREAM);
  }

  private static Mono<ServerResponse> echo(ServerRequest request) {
    return request
        .bodyToMono(byte[].class)
        .defaultIfEmpty(new byte[0])
        .flatMap(body -> octets().bodyValue(body));
  }

  private static Flux<byte[]> pieces() {
    return Flux.range(0, PIECES).map(i -> PIECE);
  }

  private Mono<Void> sleep() {
    return Mono.<Void>fromCallable(
            () -> {
              Thread.sleep(1);
              return null;
            })
        .subscribeOn(blocking);
  }

  /** The head goes with the first event, hence the comment. */
  private Flux<ServerSentEvent<String>> subscription() {
    return events.asFlux().onBackpressureBuffer().startWith(SUBSCRIBED);
  }

  private Mono<ServerResponse> publish(ServerRequest request) {
    int n = Integer.parseInt(request.pathVariable("n"));
    for (int i = 0; i < n; i++) {
      emit(events, EVENT);
    }
    return ok().build();
  }

  private static Mono<Void> echo(WebSocketSession session) {
    return session.send(session.receive().doOnNext(WebSocketMessage::retain));
  }

  private Mono<Void> room(WebSocketSession session) {
    Mono<Void> said = session.receive().map(Said::of).doOnNext(it -> emit(room, it)).then();
    Mono<Void> heard = session.send(room.asFlux().onBackpressureBuffer().map(it -> it.to(session)));
    return Mono.firstWithSignal(said, heard);
  }

  /** A sink takes one at a time; who meets another one tries again. */
  private static <T> void emit(Sinks.Many<T> sink, T value) {
    sink.emitNext(value, Sinks.EmitFailureHandler.busyLooping(RETRY));
  }
}
