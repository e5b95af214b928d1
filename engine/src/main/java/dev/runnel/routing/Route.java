package dev.runnel.routing;

import dev.runnel.engine.CallSettings;
import dev.runnel.engine.Handler;
import dev.runnel.http.MediaType;
import dev.runnel.http.Method;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A declared route. It can be set up until the outermost group it stands in is built; from then on
 * it only makes URLs. Each setting may be made once more and then replaces what was.
 */
public final class Route implements GroupMember {
  private final Method method;
  private final PathPattern pattern;
  private final @Nullable HostPattern host;
  private final Handler handler;
  private final String declaredAt;
  private List<MediaType> produces = List.of();
  private List<MediaType> consumes = List.of();
  private @Nullable String name;
  private int order;
  private long bufferedBodyLimit = -1;
  private CallSettings.@Nullable ClientFin clientFin;
  private boolean built;

  Route(
      Method method,
      PathPattern pattern,
      @Nullable HostPattern host,
      Handler handler,
      String declaredAt) {
    this.method = Objects.requireNonNull(method);
    this.pattern = pattern;
    this.host = host;
    this.handler = Objects.requireNonNull(handler);
    this.declaredAt = declaredAt;
  }

  /** The method. */
  public Method method() {
    return method;
  }

  /** The pattern, with the prefixes of the groups it was declared in, but not of mounts. */
  public String pattern() {
    return pattern.text();
  }

  /** File and line of the declaration, as {@code UserRoutes.java:12}. */
  public String declaredAt() {
    return declaredAt;
  }

  /**
   * The media types this route sends. The Accept field picks among the routes of one method and
   * pattern; one that admits none of them is answered with 406.
   *
   * @throws RouteException if one is malformed or a range
   */
  public Route produces(String... mediaTypes) {
    List<MediaType> types = parse("produces", mediaTypes);
    for (MediaType type : types) {
      if (type.type().equals("*") || type.subtype().equals("*")) {
        throw error("produces '" + type + "', which is a range; name the type that it sends");
      }
    }
    produces = types;
    return this;
  }

  /**
   * The media types or ranges this route takes. The Content-Type field picks among the routes of
   * one method and pattern; one that fits none of them is answered with 415. A request without a
   * body and without the field fits all.
   *
   * @throws RouteException if one is malformed
   */
  public Route consumes(String... mediaTypes) {
    consumes = parse("consumes", mediaTypes);
    return this;
  }

  private List<MediaType> parse(String setting, String... mediaTypes) {
    requireOpen();
    List<MediaType> types = new ArrayList<>();
    for (String text : mediaTypes) {
      try {
        types.add(MediaType.parse(text));
      } catch (IllegalArgumentException e) {
        throw error(setting + " '" + text + "', which is no media type; write type/subtype");
      }
    }
    return List.copyOf(types);
  }

  /**
   * The name that {@link Router#url(String, Object...)} finds this route by; unique among the
   * routes of a router.
   */
  public Route named(String unique) {
    requireOpen();
    name = Objects.requireNonNull(unique);
    return this;
  }

  /**
   * Ranks this route among others with another regex in the same place: the lower goes first; 0
   * unless set.
   */
  public Route order(int rank) {
    requireOpen();
    order = rank;
    return this;
  }

  /**
   * The most bytes of a body that is read as a whole; more is 413.
   *
   * @throws IllegalArgumentException if negative
   */
  public Route bufferedBodyLimit(long bytes) {
    requireOpen();
    if (bytes < 0) {
      throw new IllegalArgumentException("bufferedBodyLimit must not be negative: " + bytes);
    }
    bufferedBodyLimit = bytes;
    return this;
  }

  /** What a FIN of the client means to calls of this route. */
  public Route onClientFin(CallSettings.ClientFin policy) {
    requireOpen();
    clientFin = Objects.requireNonNull(policy);
    return this;
  }

  /**
   * The path that this route matches with these parameters in the order of the pattern, each
   * percent-encoded. An optional parameter may be left out or null. Prefixes of mounts are missing;
   * {@link Router#url(Route, Object...)} knows them.
   *
   * @throws IllegalArgumentException if a parameter is missing, superfluous or does not fit its
   *     pattern
   */
  public String url(@Nullable Object... args) {
    return UrlTemplate.expand(pattern, false, args);
  }

  /** Like {@link #url(Object...)}, with parameters by name. */
  public String url(Map<String, ?> args) {
    return UrlTemplate.expand(pattern, false, args);
  }

  /** Method, pattern and place of the declaration. */
  @Override
  public String toString() {
    String hostText = host == null ? "" : host.text();
    return method + " " + hostText + pattern.text() + " (" + declaredAt + ")";
  }

  private void requireOpen() {
    if (built) {
      throw new IllegalStateException("the routes are built already, too late to set up " + this);
    }
  }

  private RouteException error(String what) {
    return new RouteException("route " + this + " " + what);
  }

  void seal() {
    built = true;
  }

  PathPattern path() {
    return pattern;
  }

  Handler handler() {
    return handler;
  }

  List<MediaType> produced() {
    return produces;
  }

  List<MediaType> consumed() {
    return consumes;
  }

  @Nullable String name() {
    return name;
  }

  int order() {
    return order;
  }

  boolean hasSettings() {
    return bufferedBodyLimit >= 0 || clientFin != null;
  }

  void apply(CallSettings settings) {
    if (bufferedBodyLimit >= 0) {
      settings.bufferedBodyLimit(bufferedBodyLimit);
    }
    if (clientFin != null) {
      settings.onClientFin(clientFin);
    }
  }
}
