/** The log of who did what: a file of JSON lines for each day, and how it is read. */
@NullMarked
package io.entrepot.auth.audit;

import org.jspecify.annotations.NullMarked;
