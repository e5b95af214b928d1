package dev.runnel.engine.internal.exchange;

import dev.runnel.engine.CallSettings;
import dev.runnel.engine.ServerOptions;
import dev.runnel.http.HttpError;

/** What a route or filter has set for one call. Made when that first happens. */
final class CallPolicy implements CallSettings {
  private final ServerRequest request;
  private long bufferedBodyLimit;
  private long bodyLimit = Long.MAX_VALUE;
  private ClientFin onClientFin;

  CallPolicy(ServerRequest request, ServerOptions defaults) {
    this.request = request;
    this.bufferedBodyLimit = defaults.limits().bufferedBody();
    this.onClientFin = defaults.onClientFin();
  }

  @Override
  public void bufferedBodyLimit(long bytes) {
    bufferedBodyLimit = notNegative(bytes);
  }

  @Override
  public long bufferedBodyLimit() {
    return bufferedBodyLimit;
  }

  @Override
  public void bodyLimit(long bytes) {
    bodyLimit = notNegative(bytes);
  }

  private static long notNegative(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("a body limit must not be negative: " + bytes);
    }
    return bytes;
  }

  static long bufferedBodyLimit(ServerExchange call) {
    CallPolicy set = call.policy();
    return set == null
        ? call.connection().server().options().limits().bufferedBody()
        : set.bufferedBodyLimit;
  }

  /** Throws 413 if a body of so many bytes is more than what was set for the call. */
  static void refuseBeyond(ServerExchange call, long received) {
    CallPolicy set = call.policy();
    if (set != null && received > set.bodyLimit) {
      throw new HttpError(413, "the body is larger than the limit of " + set.bodyLimit + " bytes");
    }
  }

  @Override
  public void requestId(String id) {
    request.id(id);
  }

  @Override
  public void onClientFin(ClientFin policy) {
    onClientFin = policy;
  }

  ClientFin onClientFin() {
    return onClientFin;
  }
}
