/**
 * The vocabulary of a container registry: what can be named ({@link io.entrepot.core.RepositoryName},
 * {@link io.entrepot.core.Reference}), what is stored ({@link io.entrepot.core.Blob}, {@link
 * io.entrepot.core.Manifest}) and the two interfaces that everything implements, {@link
 * io.entrepot.core.Registry} and {@link io.entrepot.core.Repository}. Knows no HTTP, no SQL and no file layout.
 */
@NullMarked
package io.entrepot.core;

import org.jspecify.annotations.NullMarked;
