/** The program {@code entrepot}: commands, their exit codes, the log and the signals. The only part that ends a process. */
@NullMarked
package io.entrepot.server.cli;

import org.jspecify.annotations.NullMarked;
