/** Kills a real server in the middle of pushes, again and again, and holds it to everything that it acknowledged. */
@NullMarked
package io.entrepot.server.crash;

import org.jspecify.annotations.NullMarked;
