/**
 * HTTP/2 as RFC 9113 has it: the public suite h2spec, the rules it lacks by scripted peers, and
 * peers that mean harm. In memory under virtual time, and over TCP.
 */
@NullMarked
package dev.runnel.conformance.http2;

import org.jspecify.annotations.NullMarked;
