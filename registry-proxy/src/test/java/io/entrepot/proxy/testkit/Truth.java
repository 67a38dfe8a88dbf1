package io.entrepot.proxy.testkit;

import io.entrepot.core.Blob;
import io.entrepot.core.ByteRange;
import io.entrepot.core.Call;
import io.entrepot.core.Descriptor;
import io.entrepot.core.Manifest;
import io.entrepot.core.MediaType;
import io.entrepot.core.Page;
import io.entrepot.core.PageRequest;
import io.entrepot.core.Registry;
import io.entrepot.core.RegistryException;
import io.entrepot.core.Repository;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.testkit.Bytes;
import io.entrepot.core.wire.Endpoint;
import io.entrepot.core.wire.HttpRanges;
import io.entrepot.core.wire.NextLink;
import io.entrepot.core.wire.Paging;
import io.entrepot.core.wire.ReferrersBody;
import io.entrepot.core.wire.WireError;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The answers of a registry, as the distribution specification has them: here those to readers. */
final class Truth {
    private final Registry registry;
    private final PushTruth pushes;
    private volatile boolean heedingRanges = true;

    Truth(Registry registry) {
        this.registry = registry;
        this.pushes = new PushTruth(registry);
    }

    void withoutRanges() {
        heedingRanges = false;
    }

    PushTruth pushes() {
        return pushes;
    }

    /** @param path below the registry's root */
    Answer to(Exchange request, String path) {
        try {
            if (path.startsWith("/v1/")) {
                return v1(request, path);
            }
            if (pushes.isOpaque(path)) {
                return pushes.toOpaque(request, path);
            }
            Endpoint endpoint = Endpoint.parse(request.method(), path, request.query());
            if (endpoint instanceof Endpoint.UploadAt
                    || !request.method().equals("GET") && !request.method().equals("HEAD")) {
                return pushes.to(request, endpoint);
            }
            return to(request, endpoint);
        } catch (RegistryException e) {
            return error(e);
        }
    }

    static Answer error(RegistryException e) {
        WireError error = WireError.of(e, "scripted");
        Answer answer = new Answer(error.status()).json("").body(Bytes.of(error.body()));
        error.headers().forEach(answer::header);
        return answer;
    }

    private Answer to(Exchange request, Endpoint endpoint) {
        if (endpoint instanceof Endpoint.Base) {
            return new Answer(200).json("{}");
        } else if (endpoint instanceof Endpoint.ManifestAt at) {
            return manifest(repository(at.name()).manifest(at.reference()));
        } else if (endpoint instanceof Endpoint.BlobAt at) {
            return blob(request, repository(at.name()), at);
        } else if (endpoint instanceof Endpoint.TagList list) {
            return list(
                    list.paging(),
                    repository(list.name())::tags,
                    "{\"name\":\"" + list.name() + "\",\"tags\":",
                    next -> new Endpoint.TagList(list.name(), next));
        } else if (endpoint instanceof Endpoint.Catalog catalog) {
            return list(
                    catalog.paging(),
                    page -> registry.repositories(page, Call.internal()),
                    "{\"repositories\":",
                    Endpoint.Catalog::new);
        } else if (endpoint instanceof Endpoint.Referrers referrers) {
            return referrers(referrers);
        }
        throw new RegistryException.Unsupported("this upstream does not do that");
    }

    private Repository repository(RepositoryName name) {
        return registry.repository(name, Call.internal());
    }

    private static Answer manifest(Manifest manifest) {
        return new Answer(200)
                .header("Content-Type", manifest.mediaType().value())
                .header("Docker-Content-Digest", manifest.digest().toString())
                .body(Bytes.of(manifest.bytes()));
    }

    private Answer blob(Exchange request, Repository repository, Endpoint.BlobAt at) {
        try (Blob blob = repository.open(at.digest())) {
            List<ByteRange> ranges =
                    HttpRanges.parse(heedingRanges ? request.header("Range").orElse("") : "", blob.size());
            Answer answer = new Answer(200)
                    .header("Content-Type", MediaType.OCTET_STREAM.value())
                    .header("Docker-Content-Digest", at.digest().toString())
                    .header("Accept-Ranges", "bytes");
            if (ranges.isEmpty()) {
                return answer.body(Bytes.of(blob));
            }
            // One range is all that our clients ask for.
            ByteRange range = ranges.get(0);
            return answer.status(206)
                    .header("Content-Range", HttpRanges.satisfied(range, blob.size()))
                    .body(Bytes.of(blob, range.offset(), range.end()));
        }
    }

    private static <T> Answer list(
            Paging paging, Function<PageRequest, Page<T>> pages, String head, Function<Paging, Endpoint> next) {
        int limit = paging.n().orElse(PageRequest.MAX_LIMIT);
        Page<T> page = limit == 0 ? Page.empty() : pages.apply(new PageRequest(paging.last(), limit));
        String entries =
                page.items().stream().map(item -> "\"" + item + "\"").collect(Collectors.joining(",", "[", "]}"));
        Answer answer = new Answer(200).json(head + entries);
        link(page, limit, next).ifPresent(link -> answer.header("Link", link));
        return answer;
    }

    private static <T> Optional<String> link(Page<T> page, int limit, Function<Paging, Endpoint> next) {
        if (!page.more()) {
            return Optional.empty();
        }
        T last = page.items().get(page.items().size() - 1);
        String name = last instanceof Descriptor d ? d.digest().toString() : last.toString();
        return Optional.of(
                NextLink.render(next.apply(Paging.of(PageRequest.first(limit).after(name)))));
    }

    private Answer referrers(Endpoint.Referrers asked) {
        int limit = asked.paging().n().orElse(1_000);
        Page<Descriptor> page = repository(asked.name())
                .referrers(
                        asked.subject(),
                        asked.types(),
                        new PageRequest(asked.paging().last(), limit));
        ReferrersBody body = ReferrersBody.of(page);
        Answer answer = new Answer(200)
                .header("Content-Type", MediaType.OCI_INDEX.value())
                .body(Bytes.of(body.json()));
        if (!asked.types().isEmpty()) {
            answer.header("OCI-Filters-Applied", "artifactType");
        }
        link(body.page(), limit, next -> new Endpoint.Referrers(asked.name(), asked.subject(), asked.types(), next))
                .ifPresent(link -> answer.header("Link", link));
        return answer;
    }

    /** Version 1 is there for searching only. */
    private Answer v1(Exchange request, String path) {
        if (path.equals("/v1/_ping")) {
            return new Answer(200).json("true").header("X-Docker-Registry-Standalone", "true");
        } else if (path.equals("/v1/search")) {
            String text = parameter(request, "q");
            int most = Integer.parseInt("0" + parameter(request, "n"));
            List<RepositoryName> found =
                    registry.repositories(PageRequest.first(PageRequest.MAX_LIMIT), Call.internal()).items().stream()
                            .filter(name -> name.value().contains(text))
                            .limit(most == 0 ? 25 : most)
                            .toList();
            return new Answer(200)
                    .json(found.stream()
                            .map(name -> "{\"name\":\"" + name + "\",\"description\":\"about " + name
                                    + "\",\"star_count\":7,\"is_official\":"
                                    + name.value().startsWith("library/")
                                    + ",\"is_automated\":false}")
                            .collect(Collectors.joining(
                                    ",",
                                    "{\"query\":\"" + text + "\",\"num_results\":" + found.size() + ",\"results\":[",
                                    "]}")));
        }
        return new Answer(404);
    }

    private static String parameter(Exchange request, String name) {
        for (String parameter : request.query().split("&", -1)) {
            if (parameter.startsWith(name + "=")) {
                return parameter.substring(name.length() + 1);
            }
        }
        return "";
    }
}
