/** Tests against the real server, in memory and under virtual time. */
@NullMarked
package dev.runnel.testkit;

import org.jspecify.annotations.NullMarked;
