/**
 * What the client promises, over each version, transport and language, against our own server. Each
 * test ends with nothing left: no call, connection, timer or buffer on either side.
 */
@NullMarked
package dev.runnel.conformance.client.contract;

import org.jspecify.annotations.NullMarked;
