/**
 * What this server shows of itself by TLS: its certificate, from files that are watched or made here under an authority of
 * its own, and whom it believes that clients show one. Knows no connections.
 */
@NullMarked
package io.entrepot.server.tls;

import org.jspecify.annotations.NullMarked;
