/** WebSocket frames (RFC 6455) on a connection or stream that was taken over. */
@NullMarked
package dev.runnel.websocket;

import org.jspecify.annotations.NullMarked;
