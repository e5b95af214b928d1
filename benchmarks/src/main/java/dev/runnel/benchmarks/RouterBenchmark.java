package dev.runnel.benchmarks;

import dev.runnel.engine.Exchange;
import dev.runnel.engine.ForwardingExchange;
import dev.runnel.engine.RouteMatch;
import dev.runnel.engine.ServerContext;
import dev.runnel.http.Cookie;
import dev.runnel.http.Headers;
import dev.runnel.http.Method;
import dev.runnel.http.QueryParams;
import dev.runnel.http.Request;
import dev.runnel.http.RequestBody;
import dev.runnel.http.Response;
import dev.runnel.http.Version;
import dev.runnel.routing.RouteBuilder;
import dev.runnel.routing.Router;
import dev.runnel.routing.Routes;
import java.lang.reflect.Proxy;
import java.net.SocketAddress;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What routing costs at different numbers of routes; it should be the same at all of them. Run with
 * {@code -prof gc}: a hit without parameters allocates nothing.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class RouterBenchmark {
  /** How many routes there are; a third each are static, with one parameter, and with two. */
  @Param({"10", "100", "10000"})
  public int routes;

  private Router router = Router.of(Routes.of(r -> {}));
  private Call staticHit = new Call("/");
  private Call parameterHit = new Call("/");
  private Call encodedHit = new Call("/");
  private Call miss = new Call("/");

  /** Compiles the routes. */
  @Setup
  public void compile() {
    router = Router.of(Routes.of(this::declare));
    int last = routes - routes % 3 - 3;
    staticHit = new Call("/api/resource" + last + "/status");
    parameterHit = new Call("/api/resource" + (last + 1) + "/12345678/edit");
    encodedHit = new Call("/api/resource" + (last + 1) + "/caf%C3%A9/edit");
    miss = new Call("/api/resource" + last + "/nosuch");
  }

  private void declare(RouteBuilder r) {
    for (int i = 0; i < routes; i++) {
      String base = "/api/resource" + i;
      String pattern =
          switch (i % 3) {
            case 0 -> base + "/status";
            case 1 -> base + "/{id}/edit";
            default -> base + "/{id:int}/items/{item}";
          };
      r.handle(Method.GET, pattern, exchange -> {});
    }
  }

  /** A route without parameters. */
  @Benchmark
  public @Nullable RouteMatch staticHit() throws Exception {
    router.handle(staticHit);
    return staticHit.match;
  }

  /** A route with a parameter that nobody asks for. */
  @Benchmark
  public @Nullable RouteMatch parameterHit() throws Exception {
    router.handle(parameterHit);
    return parameterHit.match;
  }

  /** A route with a parameter that the handler asks for. */
  @Benchmark
  public @Nullable String parameterRead() throws Exception {
    router.handle(parameterHit);
    RouteMatch match = parameterHit.match;
    return match == null ? null : match.param("id");
  }

  /** A path with escapes. */
  @Benchmark
  public @Nullable RouteMatch encodedHit() throws Exception {
    router.handle(encodedHit);
    return encodedHit.match;
  }

  /** No route: the whole answer is made, problem document included. */
  @Benchmark
  public @Nullable Response miss() throws Exception {
    router.handle(miss);
    return miss.response;
  }

  /** A call that keeps what it is given, so that only the router is measured. */
  private static final class Call extends ForwardingExchange {
    private static final ServerContext SERVER = refusing(ServerContext.class, false);

    private final Request request;
    private @Nullable RouteMatch match;
    private @Nullable Response response;

    Call(String path) {
      super(refusing(Exchange.class, null));
      this.request = new Head(path);
    }

    @Override
    public Request request() {
      return request;
    }

    @Override
    public void matched(RouteMatch found) {
      match = found;
    }

    @Override
    public void respond(Response answer) {
      response = answer;
    }

    @Override
    public ServerContext server() {
      return SERVER;
    }
  }

  /** An implementation that does nothing but give one answer to all. */
  private static <T> T refusing(Class<T> type, @Nullable Object answer) {
    Object proxy =
        Proxy.newProxyInstance(
            type.getClassLoader(), new Class<?>[] {type}, (self, method, args) -> answer);
    return type.cast(proxy);
  }

  /** A GET request of one attribute. */
  private static final class Head implements Request {
    private final String rawPath;
    private @Nullable Object attribute;

    Head(String rawPath) {
      this.rawPath = rawPath;
    }

    @Override
    public String rawPath() {
      return rawPath;
    }

    @Override
    public Method method() {
      return Method.GET;
    }

    @Override
    public String target() {
      return rawPath;
    }

    @Override
    public @Nullable String rawQuery() {
      return null;
    }

    @Override
    public Headers headers() {
      return Headers.EMPTY;
    }

    @Override
    public String authority() {
      return "";
    }

    @Override
    @SuppressWarnings("unchecked") // there is only one key
    public <T> @Nullable T attribute(Key<T> key) {
      return (T) attribute;
    }

    @Override
    public <T> void attribute(Key<T> key, @Nullable T value) {
      attribute = value;
    }

    @Override
    public Version version() {
      throw new UnsupportedOperationException();
    }

    @Override
    public String scheme() {
      throw new UnsupportedOperationException();
    }

    @Override
    public String path(String name) {
      throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable String pathOrNull(String name) {
      throw new UnsupportedOperationException();
    }

    @Override
    public QueryParams queryParams() {
      throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable Cookie cookie(String name) {
      throw new UnsupportedOperationException();
    }

    @Override
    public boolean accepts(String mediaType) {
      throw new UnsupportedOperationException();
    }

    @Override
    public RequestBody body() {
      throw new UnsupportedOperationException();
    }

    @Override
    public SocketAddress remoteAddress() {
      throw new UnsupportedOperationException();
    }

    @Override
    public SocketAddress localAddress() {
      throw new UnsupportedOperationException();
    }

    @Override
    public String id() {
      throw new UnsupportedOperationException();
    }

    @Override
    public @Nullable String routePattern() {
      throw new UnsupportedOperationException();
    }

    @Override
    public long nanoTime() {
      throw new UnsupportedOperationException();
    }
  }
}
