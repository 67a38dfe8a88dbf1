package io.entrepot.server.admin;

import io.entrepot.core.Reference;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;

/** An image as people write it, without the address of a registry: {@code team/app:v1}, {@code team/app@sha256:…}. */
record ImageName(RepositoryName repository, Reference reference) {

    /**
     * Without tag and digest it is {@code latest}, as for every client; of both, the digest counts.
     *
     * @throws io.entrepot.core.RegistryException.Invalid that says what is wrong with it
     */
    static ImageName parse(String text) {
        int at = text.indexOf('@');
        String named = at < 0 ? text : text.substring(0, at);
        int colon = named.lastIndexOf(':');
        boolean tagged = colon > named.lastIndexOf('/');
        RepositoryName repository = new RepositoryName(tagged ? named.substring(0, colon) : named);
        Tag tag = new Tag(tagged ? named.substring(colon + 1) : "latest");
        return new ImageName(repository, at < 0 ? tag : Reference.parse(text.substring(at + 1)));
    }

    @Override
    public String toString() {
        return repository + (reference instanceof Tag ? ":" : "@") + reference;
    }
}
