@NullMarked
package io.entrepot.proxy.download;

import org.jspecify.annotations.NullMarked;
