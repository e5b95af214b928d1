package dev.runnel.client;

import dev.runnel.http.Body;
import dev.runnel.http.HeaderNames;
import dev.runnel.http.Headers;
import dev.runnel.http.Method;
import dev.runnel.http.Request;
import dev.runnel.http.Uri;
import dev.runnel.http.Version;
import dev.runnel.transport.CallHead;
import dev.runnel.transport.ClientTls;
import dev.runnel.transport.Destination;
import dev.runnel.transport.Destination.Protocol;
import dev.runnel.transport.Proxy;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How a request is sent: where to, with what head and body, and with which limits. */
final class Plan {
  private final Request request;
  private final Uri uri;
  private final Body body;
  private final CallOptions options;
  private final CallTimeouts timeouts;
  private final Destination destination;
  private final @Nullable UpgradeWish upgrade;

  private Plan(Request request, Client.Settings settings) {
    this.request = request;
    this.uri = request.uri();
    this.body = request.body().toBody();
    this.options = CallOptions.of(request);
    CallTimeouts own = options.timeouts();
    this.timeouts = own == null ? settings.timeouts() : own;
    this.upgrade = request.attribute(UpgradeWish.KEY);
    this.destination = destination(settings);
  }

  static Plan of(Request request, Client.Settings settings) {
    return new Plan(request, settings);
  }

  private Destination destination(Client.Settings settings) {
    requireHttp();
    ClientTls tls = uri.isSecure() ? tls(settings) : null;
    Protocol asked = options.protocol() != null ? options.protocol() : settings.protocol();
    // An upgrade over HTTP/2 needs a server that said it takes one; HTTP/1.1 always can be asked.
    Protocol protocol = upgrade != null && asked == Protocol.NEGOTIATED ? Protocol.HTTP_1_1 : asked;
    Proxy proxy = null;
    if (options.address() == null && !options.isDirect()) {
      proxy = options.proxy() != null ? options.proxy() : settings.proxies().proxyFor(uri);
    }
    return new Destination(
        uri.origin().bareHost(),
        uri.port(),
        options.address(),
        tls,
        options.serverName(),
        protocol,
        proxy,
        upgrade != null);
  }

  private ClientTls tls(Client.Settings settings) {
    ClientTls own = options.tls();
    return own == null ? settings.tls() : own;
  }

  private void requireHttp() {
    String scheme = uri.scheme();
    boolean socket = upgrade != null && (scheme.equals("ws") || scheme.equals("wss"));
    if (!socket && !scheme.equals("http") && !scheme.equals("https")) {
      throw new IllegalArgumentException("not a URL that this client can call: " + uri);
    }
  }

  Request request() {
    return request;
  }

  Uri uri() {
    return uri;
  }

  Body body() {
    return body;
  }

  CallOptions options() {
    return options;
  }

  CallTimeouts timeouts() {
    return timeouts;
  }

  Destination destination() {
    return destination;
  }

  /** As log lines and errors name the call: without query and password. */
  @Override
  public String toString() {
    return request.method() + " " + uri.origin() + uri.rawPath();
  }

  // --- the head ---

  CallHead head(Version version) {
    CallHead.Times times = new CallHead.Times(timeouts.head(), timeouts.bodyStall());
    String scheme = uri.isSecure() ? "https" : "http";
    String host = request.headers().get(HeaderNames.HOST);
    String authority = host == null ? uri.authority() : host;
    Headers fields = HopFields.without(request.headers()).without(HeaderNames.HOST);
    if (upgrade != null) {
      boolean tunnel = version == Version.HTTP_2;
      return new CallHead(
          tunnel ? Method.CONNECT : request.method(),
          scheme,
          authority,
          target(),
          tunnel ? upgrade.protocol() : null,
          upgrade.fields(version, fields),
          0,
          times);
    }
    if (options.expectsContinue() && body.length() != 0) {
      fields = fields.set(HeaderNames.EXPECT, "100-continue");
    }
    fields = toldToProxy(fields);
    return new CallHead(
        request.method(), scheme, authority, target(), null, fields, body.length(), times);
  }

  /**
   * A proxy that forwards wants to know with each request who we are (RFC 9110 11.7.2); one that
   * makes a tunnel was told when it made it. What else the request says of it is not for our proxy.
   */
  private Headers toldToProxy(Headers fields) {
    Proxy proxy = destination.proxy();
    if (proxy == null || proxy.user() == null || !destination.isForwarded()) {
      return fields;
    }
    String password = proxy.password() == null ? "" : proxy.password();
    return fields.set("Proxy-Authorization", Credentials.basic(proxy.user(), password));
  }

  /** To a proxy that forwards, the whole URI (RFC 9112 3.2.2), without what is for us only. */
  private String target() {
    String target = request.target().equals("*") ? "*" : uri.target();
    return destination.isForwarded()
        ? uri.scheme().toLowerCase(Locale.ROOT) + "://" + uri.authority() + target
        : target;
  }
}
