/**
 * HTTP values (RFC 9110): immutable, free of any transport, the same for server and client, Java
 * and Kotlin.
 */
@NullMarked
package dev.runnel.http;

import org.jspecify.annotations.NullMarked;
