/**
 * The server as a thing to start and stop: {@link io.entrepot.server.RegistryServer} is all that an embedder needs. This
 * package puts together what the others hold.
 */
@NullMarked
package io.entrepot.server;

import org.jspecify.annotations.NullMarked;
