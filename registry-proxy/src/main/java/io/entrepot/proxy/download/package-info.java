/**
 * Blobs on their way from an upstream into a cache: one transfer for each digest, which any number of readers follow while
 * it goes on. A reader never has the whole of a blob whose bytes are not those of its digest.
 */
@NullMarked
package io.entrepot.proxy.download;

import org.jspecify.annotations.NullMarked;
