/**
 * What a registry stands on: a {@link io.entrepot.core.store.BlobStore} for bytes and a {@link
 * io.entrepot.core.store.MetadataStore} that alone says what exists. Bytes mean nothing without a row.
 */
@NullMarked
package io.entrepot.core.store;

import org.jspecify.annotations.NullMarked;
