/**
 * A WebSocket client that sends what it is told, right or wrong, and takes nothing that is not
 * right to the letter. Its frames are read and written by code of its own, so that nothing of the
 * engine vouches for itself.
 */
@NullMarked
package dev.runnel.testing.websocket;

import org.jspecify.annotations.NullMarked;
