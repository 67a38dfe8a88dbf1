/** What a few lines can do. Every example has a {@code main} that a test runs. */
@NullMarked
package io.entrepot.examples;

import org.jspecify.annotations.NullMarked;
