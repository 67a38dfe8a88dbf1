/**
 * Metadata in SQL: a {@link io.entrepot.storage.sql.SqlDatabase} is one file, its {@link
 * io.entrepot.core.store.MetadataStore}s are the registries in it. One writer with group commit, readers apart.
 */
@NullMarked
package io.entrepot.storage.sql;

import org.jspecify.annotations.NullMarked;
