/**
 * The registry protocol over HTTP: from a request to calls on {@link io.entrepot.core.Registry} and back. {@link
 * io.entrepot.server.http.RootHandler} is the handler to serve; bodies go through one receiver and one sender, and
 * nothing holds a thread while it waits for a client.
 */
@NullMarked
package io.entrepot.server.http;

import org.jspecify.annotations.NullMarked;
