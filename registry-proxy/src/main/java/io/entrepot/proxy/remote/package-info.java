/**
 * A client for other registries, usable alone: {@link io.entrepot.proxy.remote.RemoteRegistry} is a {@link
 * io.entrepot.core.Registry} whose content is somewhere else. Credentials go where they belong and nowhere else, everything
 * that is read has a bound, and nothing waits for ever.
 */
@NullMarked
package io.entrepot.proxy.remote;

import org.jspecify.annotations.NullMarked;
