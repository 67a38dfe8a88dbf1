@NullMarked
package io.entrepot.auth.realm;

import org.jspecify.annotations.NullMarked;
