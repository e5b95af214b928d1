/**
 * An HTTP/2 peer that follows a script: send these frames, expect those. Frames are read and
 * written by code of its own, so that nothing of the engine vouches for itself. And one that is
 * told in the text of HTTP/1.1 what to ask, for the tests of both versions.
 */
@NullMarked
package dev.runnel.testing.http2;

import org.jspecify.annotations.NullMarked;
