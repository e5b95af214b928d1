/**
 * The version-neutral machine: where HTTP/1.1 and HTTP/2 meet. Knows no channel, no buffer and no
 * version.
 */
@NullMarked
package dev.runnel.engine.internal.exchange;

import org.jspecify.annotations.NullMarked;
