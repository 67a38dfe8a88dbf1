/** Proves the metadata in SQL. */
@NullMarked
package io.entrepot.storage.sql;

import org.jspecify.annotations.NullMarked;
