/** Several registries behind one name: who is asked for what, in which order, and what is pushed where. */
@NullMarked
package io.entrepot.core.group;

import org.jspecify.annotations.NullMarked;
