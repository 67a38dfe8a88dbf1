/**
 * Stores in memory. They keep every promise of the ports but durability, so they are the fakes of all tests and what an
 * embedded registry uses that may forget everything.
 */
@NullMarked
package io.entrepot.core.memory;

import org.jspecify.annotations.NullMarked;
