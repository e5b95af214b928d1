/**
 * Calls without a connection: a wire between the version-neutral machine and a test, with nothing
 * but values on it.
 */
@NullMarked
package dev.runnel.engine.internal.direct;

import org.jspecify.annotations.NullMarked;
