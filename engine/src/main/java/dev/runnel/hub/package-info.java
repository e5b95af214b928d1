/** Broadcast to many slow and fast subscribers, encoded once. */
@NullMarked
package dev.runnel.hub;

import org.jspecify.annotations.NullMarked;
