/**
 * What keeps the peace with one upstream, as decorators of {@link io.entrepot.core.Registry}: an upstream that is down is
 * not hammered, one that counts pulls is not pulled dry, and one that is slow does not take all threads.
 */
@NullMarked
package io.entrepot.proxy.upstream;

import org.jspecify.annotations.NullMarked;
