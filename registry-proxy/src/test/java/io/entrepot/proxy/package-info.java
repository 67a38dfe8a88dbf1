@NullMarked
package io.entrepot.proxy;

import org.jspecify.annotations.NullMarked;
