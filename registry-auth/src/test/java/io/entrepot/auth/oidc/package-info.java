@NullMarked
package io.entrepot.auth.oidc;

import org.jspecify.annotations.NullMarked;
