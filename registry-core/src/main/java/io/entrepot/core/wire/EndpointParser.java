package io.entrepot.core.wire;

import io.entrepot.core.Digest;
import io.entrepot.core.ErrorCode;
import io.entrepot.core.MediaType;
import io.entrepot.core.Reference;
import io.entrepot.core.RegistryException;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import io.entrepot.core.UploadId;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Finds the route of a path from its right end, because names may contain the words that routes are made of:
 * {@code /v2/a/tags/list/manifests/v1} is a manifest of {@code a/tags/list}. Runs for every request on a thread that must
 * not wait, hence no regular expressions and no splitting.
 */
final class EndpointParser {
    private static final String ROOT = "/v2/";
    private static final String DISCOVERY = "/_oci/ext/discover";

    private final String method;
    private final String path;
    private final Query query;
    /** Where the last component begins, and where the one before it does. */
    private final int last;

    private final int before;
    /** The first percent sign, or -1. */
    private final int percent;

    EndpointParser(String method, String path, Query query) {
        this.method = method;
        this.path = path;
        this.query = query;
        this.percent = scan(path);
        this.last = path.lastIndexOf('/') + 1;
        this.before = last < 2 ? 0 : path.lastIndexOf('/', last - 2) + 1;
    }

    Endpoint parse() {
        if (path.equals(ROOT) || path.equals("/v2")) {
            return new Endpoint.Base();
        }
        if (!path.startsWith(ROOT)) {
            return unknown();
        }
        if (path.endsWith(DISCOVERY)) {
            return extensions();
        }
        if (before < ROOT.length()) {
            return lastIs("_catalog") ? new Endpoint.Catalog(Paging.of(query)) : unknown();
        }
        return switch (path.substring(before, last - 1)) {
            case "manifests" -> manifest();
            case "blobs" -> lastIs("uploads") ? uploadStart(before) : new Endpoint.BlobAt(name(before), digest());
            case "uploads" -> upload();
            case "tags" -> lastIs("list") ? new Endpoint.TagList(name(before), Paging.of(query)) : unknown();
            case "referrers" -> referrers();
            default -> unknown();
        };
    }

    private Endpoint manifest() {
        if (last == path.length()) {
            return unknown();
        }
        RepositoryName name = name(before);
        Reference reference = reference();
        if (!method.equals("PUT")) {
            return new Endpoint.ManifestAt(name, reference);
        }
        List<Tag> tags = new ArrayList<>();
        for (String tag : query.all("tag")) {
            tags.add(new Tag(tag));
        }
        Optional<Digest> digest = query.first("digest").map(Digest::parse);
        if (digest.isPresent() && reference instanceof Digest inPath) {
            if (!digest.get().equals(inPath)) {
                throw RegistryException.invalidDigest("the digest in the query is not the one in the path");
            }
            digest = Optional.empty();
        }
        return new Endpoint.ManifestAt(name, reference, tags, digest);
    }

    /** What cannot be a tag cannot be found, but to set it is a mistake. */
    private Reference reference() {
        String text = text();
        if (text.indexOf(':') >= 0 || method.equals("PUT")) {
            return Reference.parse(text);
        }
        try {
            return new Tag(text);
        } catch (RegistryException.Invalid e) {
            throw RegistryException.unknownReference(text);
        }
    }

    private Endpoint upload() {
        int beforeThat = path.lastIndexOf('/', before - 2) + 1;
        if (beforeThat < ROOT.length() || !path.startsWith("blobs/", beforeThat)) {
            return unknown();
        }
        if (last == path.length()) {
            return uploadStart(beforeThat);
        }
        if (percent >= 0) {
            throw ambiguous();
        }
        return new Endpoint.UploadAt(
                name(beforeThat),
                UploadId.parse(path.substring(last)),
                query.first("digest").map(Digest::parse));
    }

    private Endpoint uploadStart(int nameEnd) {
        RepositoryName name = name(nameEnd);
        Optional<Digest> digest = query.first("digest").map(Digest::parse);
        Optional<Digest.Algorithm> algorithm = query.first("digest-algorithm")
                .map(label -> Digest.Algorithm.labelled(label)
                        .orElseThrow(() -> RegistryException.invalidDigest(
                                "unsupported digest algorithm: this registry knows sha256 and sha512")));
        try {
            Optional<Digest> mount = query.first("mount").map(Digest::parse);
            Optional<RepositoryName> from =
                    mount.flatMap(d -> query.first("from")).map(RepositoryName::new);
            return new Endpoint.UploadStart(name, mount, from, digest, algorithm);
        } catch (RegistryException.Invalid e) {
            // What cannot be mounted is uploaded instead: the specification has no error for it.
            return new Endpoint.UploadStart(name, Optional.empty(), Optional.empty(), digest, algorithm);
        }
    }

    private Endpoint referrers() {
        Set<MediaType> types = new LinkedHashSet<>();
        for (String type : query.all("artifactType")) {
            if (!type.isEmpty()) {
                types.add(artifactType(type));
            }
        }
        return new Endpoint.Referrers(name(before), digest(), types, Paging.of(query));
    }

    private static MediaType artifactType(String text) {
        try {
            return new MediaType(text);
        } catch (RegistryException.Invalid e) {
            throw new RegistryException.Invalid(ErrorCode.UNSUPPORTED, "artifactType: " + e.getMessage());
        }
    }

    private Endpoint extensions() {
        int nameEnd = path.length() - DISCOVERY.length() + 1;
        return new Endpoint.Extensions(nameEnd == ROOT.length() ? Optional.empty() : Optional.of(name(nameEnd)));
    }

    /** Everything between the root and the slash before {@code end}. */
    private RepositoryName name(int end) {
        if (end <= ROOT.length()) {
            throw RegistryException.invalidName("a repository name has at least one character");
        }
        return new RepositoryName(path.substring(ROOT.length(), end - 1));
    }

    private Digest digest() {
        return Digest.parse(text());
    }

    /** The last component. Its colons may be encoded (jib does that), and nothing else may be. */
    private String text() {
        if (percent < 0) {
            return path.substring(last);
        }
        if (percent < last) {
            throw ambiguous();
        }
        return path.substring(last).replace("%3A", ":").replace("%3a", ":");
    }

    private boolean lastIs(String word) {
        return path.length() - last == word.length() && path.startsWith(word, last);
    }

    private Endpoint unknown() {
        if (percent >= 0) {
            throw ambiguous();
        }
        throw new RegistryException.Unknown(List.of(new RegistryException.Problem(
                ErrorCode.NAME_UNKNOWN, "no such path in the registry protocol", Optional.empty())));
    }

    /** The first percent sign, if the path has only one reading: no empty or dot component, nothing to be decoded. */
    private static int scan(String path) {
        int percent = -1;
        int component = 0;
        for (int i = 0; i < path.length(); i++) {
            char c = path.charAt(i);
            if (c == '/') {
                if (i > 0) {
                    refuseAmbiguous(path, component, i);
                }
                component = i + 1;
            } else if (c == '%') {
                if (!path.startsWith("3A", i + 1) && !path.startsWith("3a", i + 1)) {
                    throw ambiguous();
                }
                percent = percent < 0 ? i : percent;
            } else if (c <= ' ' || c >= 0x7f || c == ';' || c == '\\' || c == '?' || c == '#') {
                throw ambiguous();
            }
        }
        if (component < path.length()) {
            refuseAmbiguous(path, component, path.length());
        }
        return percent;
    }

    private static void refuseAmbiguous(String path, int start, int end) {
        int length = end - start;
        boolean dots = length == 1 && path.charAt(start) == '.'
                || length == 2 && path.charAt(start) == '.' && path.charAt(start + 1) == '.';
        if (length == 0 || dots) {
            throw ambiguous();
        }
    }

    private static RegistryException.Invalid ambiguous() {
        return RegistryException.invalidName("a path has no empty or dot components, and nothing but the colon of a"
                + " digest may be percent-encoded in it");
    }
}
