/**
 * How HTTP connections are accepted, guarded and ended. Knows nothing of registries: {@link
 * io.entrepot.server.connector.Connector} opens a socket and hands every request that is unambiguous, small enough
 * and fast enough to one handler.
 */
@NullMarked
package io.entrepot.server.connector;

import org.jspecify.annotations.NullMarked;
