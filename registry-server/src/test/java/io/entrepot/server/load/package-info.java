/** Very many clients at once, against a real server with little memory. */
@NullMarked
package io.entrepot.server.load;

import org.jspecify.annotations.NullMarked;
