/** The Java face: build a server, start it, stop it. */
@NullMarked
package dev.runnel.server;

import org.jspecify.annotations.NullMarked;
