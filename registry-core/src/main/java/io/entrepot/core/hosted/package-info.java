/** The hosted registry: what is pushed to it is kept, and is its to give. */
@NullMarked
package io.entrepot.core.hosted;

import org.jspecify.annotations.NullMarked;
