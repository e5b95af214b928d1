/**
 * WebSocket from outside (SEMANTICS 7; RFC 6455, 7692 and 8441): scripted sessions over both
 * versions of HTTP, the Autobahn suite, and clients that others wrote.
 */
@NullMarked
package dev.runnel.conformance.websocket;

import org.jspecify.annotations.NullMarked;
