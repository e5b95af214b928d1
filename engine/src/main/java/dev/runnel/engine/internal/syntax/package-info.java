/** The grammar that both versions of HTTP share: octets, hosts, targets, names of trailers. */
@NullMarked
package dev.runnel.engine.internal.syntax;

import org.jspecify.annotations.NullMarked;
