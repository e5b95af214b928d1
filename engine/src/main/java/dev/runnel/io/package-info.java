/** Bytes and the loop that moves them: what every other package stands on. */
@NullMarked
package dev.runnel.io;

import org.jspecify.annotations.NullMarked;
