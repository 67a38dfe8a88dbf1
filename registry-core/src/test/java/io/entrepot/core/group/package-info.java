@NullMarked
package io.entrepot.core.group;

import org.jspecify.annotations.NullMarked;
