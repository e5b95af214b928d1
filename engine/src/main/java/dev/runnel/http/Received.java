package dev.runnel.http;

import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * How an answer came to a client.
 *
 * @param uri what was asked in the end, behind all redirects
 * @param version the version spoken
 * @param peer the server, or the proxy before it
 * @param tls what TLS agreed on; null for bytes in clear
 */
public record Received(Uri uri, Version version, SocketAddress peer, @Nullable TlsInfo tls) {}
