/** Certificates, keys and what encrypts: everything of TLS that needs no channel. */
@NullMarked
package dev.runnel.engine.internal.tls;

import org.jspecify.annotations.NullMarked;
