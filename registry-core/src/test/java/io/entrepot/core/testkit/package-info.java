/** What the tests of all modules are built from: seeded chance, content, manifests, a clock to be set. */
@NullMarked
package io.entrepot.core.testkit;

import org.jspecify.annotations.NullMarked;
