/**
 * Other registries as ours: to come are a client for them that is usable alone, and the registry that answers from what it has
 * fetched through that client and fetches the rest, each digest once.
 */
@NullMarked
package io.entrepot.proxy;

import org.jspecify.annotations.NullMarked;
