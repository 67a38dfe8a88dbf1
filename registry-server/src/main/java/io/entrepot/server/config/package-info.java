/**
 * The settings of a server: one schema, as records that cannot be wrong, for the file, the environment, the command line
 * and the embedder's builder. {@link io.entrepot.server.config.Configuration#read} is where it begins.
 */
@NullMarked
package io.entrepot.server.config;

import org.jspecify.annotations.NullMarked;
