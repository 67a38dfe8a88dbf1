/**
 * Blobs in a folder of a local or mounted disk ({@link io.entrepot.storage.file.FileBlobStore}), and the folder in which
 * a server keeps everything ({@link io.entrepot.storage.file.DataFolder}).
 */
@NullMarked
package io.entrepot.storage.file;

import org.jspecify.annotations.NullMarked;
