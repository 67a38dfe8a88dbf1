package io.entrepot.core;

/**
 * A repository that a search found, as the index that was asked describes it.
 *
 * @param name with the host or namespace that a client has to pull it by, as far as the index gives one
 * @param official whether the index vouches for it
 * @param automated whether it is said to be built from its sources; indexes say so of hardly anything any more
 */
public record SearchHit(String name, String description, long stars, boolean official, boolean automated) {}
