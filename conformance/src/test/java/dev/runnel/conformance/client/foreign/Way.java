package dev.runnel.conformance.client.foreign;

import dev.runnel.http.Version;
import dev.runnel.transport.Destination.Protocol;

/** Which version of HTTP is spoken, over what. */
enum Way {
  HTTP_1("http", Protocol.HTTP_1_1, Version.HTTP_1_1),
  HTTP_1_TLS("https", Protocol.HTTP_1_1, Version.HTTP_1_1),
  HTTP_2("http", Protocol.HTTP_2, Version.HTTP_2),
  HTTP_2_TLS("https", Protocol.NEGOTIATED, Version.HTTP_2);

  final String scheme;
  final Protocol protocol;
  final Version version;

  Way(String scheme, Protocol protocol, Version version) {
    this.scheme = scheme;
    this.protocol = protocol;
    this.version = version;
  }

  boolean isTls() {
    return scheme.equals("https");
  }
}
