package dev.runnel.websocket;

import dev.runnel.io.Bytes;

/**
 * A part of a message, as it came. Its bounds mean nothing: those of a text may lie within a
 * character.
 *
 * @param isText whether the message is text
 * @param bytes the next bytes of the message, perhaps none
 * @param isLast whether the message ends with it
 */
public record Part(boolean isText, Bytes bytes, boolean isLast) {}
