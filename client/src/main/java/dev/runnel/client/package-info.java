/** The client: calls over HTTP/1.1 and HTTP/2, with all that is around them. */
@NullMarked
package dev.runnel.client;

import org.jspecify.annotations.NullMarked;
