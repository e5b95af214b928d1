package dev.runnel.client;

import dev.runnel.http.Request;
import dev.runnel.http.ResponseHead;
import dev.runnel.transport.ClientTls;
import dev.runnel.transport.Destination.Protocol;
import dev.runnel.transport.Proxy;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What one call has otherwise than the client it is sent with. Immutable; what is not set is the
 * client's.
 *
 * <pre>
 *   client.send(
 *       Request.get("https://api.example/")
 *           .with(CallOptions.KEY, CallOptions.NONE.withProtocol(Protocol.HTTP_1_1)));
 * </pre>
 */
public final class CallOptions {
  /** Where a request carries them. */
  public static final Request.Key<CallOptions> KEY = Request.Key.of("call options");

  /** Everything as the client has it. */
  public static final CallOptions NONE = new CallOptions();

  private @Nullable Protocol protocol;
  private @Nullable ClientTls tls;
  private @Nullable String serverName;
  private @Nullable SocketAddress address;
  private @Nullable Proxy proxy;
  private boolean direct;
  private @Nullable CallTimeouts timeouts;
  private boolean expectContinue;
  private @Nullable Consumer<ResponseHead> onInformational;
  private @Nullable PushListener pushes;
  private long maxHeld = -1;

  private CallOptions() {}

  private CallOptions(CallOptions from) {
    protocol = from.protocol;
    tls = from.tls;
    serverName = from.serverName;
    address = from.address;
    proxy = from.proxy;
    direct = from.direct;
    timeouts = from.timeouts;
    expectContinue = from.expectContinue;
    onInformational = from.onInformational;
    pushes = from.pushes;
    maxHeld = from.maxHeld;
  }

  /** Those of a request. */
  public static CallOptions of(Request request) {
    CallOptions options = request.attribute(KEY);
    return options == null ? NONE : options;
  }

  private CallOptions with(Consumer<CallOptions> change) {
    CallOptions changed = new CallOptions(this);
    change.accept(changed);
    return changed;
  }

  /** With this version of HTTP. */
  public CallOptions withProtocol(Protocol value) {
    return with(o -> o.protocol = Objects.requireNonNull(value));
  }

  /**
   * With this trust, certificate and ALPN list. Calls share connections if this is the same object.
   */
  public CallOptions withTls(ClientTls value) {
    return with(o -> o.tls = Objects.requireNonNull(value));
  }

  /** Asking for this name in SNI, and looking for it in the certificate, instead of the host. */
  public CallOptions withServerName(String value) {
    return with(o -> o.serverName = Objects.requireNonNull(value));
  }

  /** Connecting to this address instead of what the host resolves to. */
  public CallOptions withAddress(SocketAddress value) {
    return with(o -> o.address = Objects.requireNonNull(value));
  }

  /** Connecting to this Unix domain socket; the host of the URL only names the server. */
  public CallOptions withUnixSocket(Path socket) {
    return withAddress(UnixDomainSocketAddress.of(socket));
  }

  /** Through this proxy. */
  public CallOptions withProxy(Proxy value) {
    return with(
        o -> {
          o.proxy = Objects.requireNonNull(value);
          o.direct = false;
        });
  }

  /** Through no proxy, whatever the client's settings say. */
  public CallOptions withoutProxy() {
    return with(
        o -> {
          o.proxy = null;
          o.direct = true;
        });
  }

  /** With these time limits. */
  public CallOptions withTimeouts(CallTimeouts value) {
    return with(o -> o.timeouts = Objects.requireNonNull(value));
  }

  /**
   * Holding the body back until the server says 100 (Continue) or the time for that is over, so
   * that a refusal costs no upload (RFC 9110 10.1.1).
   */
  public CallOptions withExpectContinue() {
    return with(o -> o.expectContinue = true);
  }

  /** Told of informational heads (100, 103 …), on a loop. */
  public CallOptions withInformational(Consumer<ResponseHead> listener) {
    return with(o -> o.onInformational = Objects.requireNonNull(listener));
  }

  /** Told of what the server pushes; without one, pushes are refused. */
  public CallOptions withPushes(PushListener listener) {
    return with(o -> o.pushes = Objects.requireNonNull(listener));
  }

  /** With another limit, in bytes, for bodies that are held as a whole. */
  public CallOptions withMaxHeld(long bytes) {
    if (bytes < 0) {
      throw new IllegalArgumentException("a limit must not be negative: " + bytes);
    }
    return with(o -> o.maxHeld = bytes);
  }

  /** What of these holds at another origin too: an address and a name are of one place. */
  CallOptions elsewhere() {
    return address == null && serverName == null
        ? this
        : with(
            o -> {
              o.address = null;
              o.serverName = null;
            });
  }

  @Nullable Protocol protocol() {
    return protocol;
  }

  @Nullable ClientTls tls() {
    return tls;
  }

  @Nullable String serverName() {
    return serverName;
  }

  @Nullable SocketAddress address() {
    return address;
  }

  @Nullable Proxy proxy() {
    return proxy;
  }

  boolean isDirect() {
    return direct;
  }

  @Nullable CallTimeouts timeouts() {
    return timeouts;
  }

  boolean expectsContinue() {
    return expectContinue;
  }

  @Nullable Consumer<ResponseHead> onInformational() {
    return onInformational;
  }

  @Nullable PushListener pushes() {
    return pushes;
  }

  long maxHeld() {
    return maxHeld;
  }
}
