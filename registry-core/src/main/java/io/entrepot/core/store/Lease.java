package io.entrepot.core.store;

import java.time.Instant;

/**
 * A promise to somebody who counts on a blob: it is not collected before {@code until}, even if no manifest refers to it
 * yet. {@code holder} is whom it was given to; a second holder makes it nobody's, so that neither can shorten it.
 */
public record Lease(Instant until, String holder) {}
