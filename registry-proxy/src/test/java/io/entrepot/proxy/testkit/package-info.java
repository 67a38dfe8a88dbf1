/**
 * Registries and token endpoints that do what a test tells them to, on real sockets: truthful until a rule says otherwise.
 */
@NullMarked
package io.entrepot.proxy.testkit;

import org.jspecify.annotations.NullMarked;
