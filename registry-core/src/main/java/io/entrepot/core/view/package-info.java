/**
 * Registries seen through something: guarded by what a caller may do, under a prefix. Each view implements the same two
 * interfaces as what it shows.
 */
@NullMarked
package io.entrepot.core.view;

import org.jspecify.annotations.NullMarked;
