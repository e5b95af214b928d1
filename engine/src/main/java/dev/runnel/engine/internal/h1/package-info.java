/**
 * The HTTP/1.1 machine (RFC 9112): parser, framing, encoder, connection, wire. Reads and writes
 * buffers, knows no channel.
 */
@NullMarked
package dev.runnel.engine.internal.h1;

import org.jspecify.annotations.NullMarked;
