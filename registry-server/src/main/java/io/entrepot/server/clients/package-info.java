/**
 * What clients of all kinds have to be told to use a registry of this server, ready to be copied. Texts made of facts, and
 * nothing else.
 */
@NullMarked
package io.entrepot.server.clients;

import org.jspecify.annotations.NullMarked;
