@NullMarked
package io.entrepot.auth.account;

import org.jspecify.annotations.NullMarked;
