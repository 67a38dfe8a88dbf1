package io.entrepot.server.admin;

import io.entrepot.core.access.RegistryId;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * What may be shown of a registry. Holds no secret.
 *
 * @param main whether it is behind {@code /v2/} of the main connector
 * @param remotes what a proxy stands in for: its mirrors, and last the registry itself
 * @param hosts by which names of images call what a proxy stands in for, such as {@code docker.io}; today's first
 * @param members of a group, in the order in which they are asked
 * @param writable the member of a group that is pushed to
 */
public record RegistryInfo(
        String name,
        RegistryId.Kind kind,
        boolean main,
        boolean online,
        String blobStore,
        List<URI> remotes,
        List<String> hosts,
        List<String> members,
        Optional<String> writable,
        Reached reached) {
    public RegistryInfo {
        remotes = List.copyOf(remotes);
        hosts = List.copyOf(hosts);
        members = List.copyOf(members);
    }

    /**
     * Where clients find a registry.
     *
     * @param urls scheme, host and port, and as the path what names of images begin with, if anything: {@code
     *     https://registry.example:5000/hub}. What clients are to be told stands first.
     * @param mirror where everybody may pull from it, for Docker's {@code registry-mirrors}
     * @param ownAuthority whether clients have to trust an authority of this installation ({@code /ca.crt})
     */
    public record Reached(List<URI> urls, Optional<URI> mirror, boolean ownAuthority) {
        public Reached {
            urls = List.copyOf(urls);
            if (urls.isEmpty()) {
                throw new IllegalArgumentException("a registry is reached somewhere");
            }
        }
    }
}
