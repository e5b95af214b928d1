/**
 * One router for both faces: patterns, the tree they form, and the answers it gives by itself (404,
 * 405, 406, 415, OPTIONS).
 */
@NullMarked
package dev.runnel.routing;

import org.jspecify.annotations.NullMarked;
