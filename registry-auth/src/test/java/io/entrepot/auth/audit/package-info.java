@NullMarked
package io.entrepot.auth.audit;

import org.jspecify.annotations.NullMarked;
