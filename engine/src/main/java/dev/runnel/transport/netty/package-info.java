/** Opens the client's transport on Netty. No type of Netty shows. */
@NullMarked
package dev.runnel.transport.netty;

import org.jspecify.annotations.NullMarked;
