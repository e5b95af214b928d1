/**
 * The transport seam: what a protocol machine needs of its connection, so that it knows no channel.
 */
@NullMarked
package dev.runnel.engine.internal.link;

import org.jspecify.annotations.NullMarked;
