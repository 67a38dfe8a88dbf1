/** Users, robots, roles, privileges, keys: what is kept, how it is changed, and the rights that come of it. */
@NullMarked
package io.entrepot.auth.account;

import org.jspecify.annotations.NullMarked;
