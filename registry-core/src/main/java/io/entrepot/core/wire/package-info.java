/**
 * The protocol without an HTTP library: what a request asks for ({@link io.entrepot.core.wire.Endpoint}), errors, ranges,
 * conditions, lists and links, each read and written here by the same class, so that our server and our client cannot
 * come to disagree.
 */
@NullMarked
package io.entrepot.core.wire;

import org.jspecify.annotations.NullMarked;
