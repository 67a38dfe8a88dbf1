package io.entrepot.server.http;

import io.entrepot.core.Call;
import io.entrepot.core.Descriptor;
import io.entrepot.core.MediaType;
import io.entrepot.core.Page;
import io.entrepot.core.PageRequest;
import io.entrepot.core.Reach;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import io.entrepot.core.wire.Endpoint;
import io.entrepot.core.wire.Listings;
import io.entrepot.core.wire.NextLink;
import io.entrepot.core.wire.ReferrersBody;
import io.undertow.server.HttpServerExchange;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Lists: tags, the catalogue, referrers, and the extensions that there are. */
final class ListRoutes {
    private static final int CATALOG_PAGE = 1000;
    private static final ByteBuffer EXTENSIONS = utf8("{\"extensions\":[{\"name\":\"_catalog\",\"url\":"
            + "\"https://distribution.github.io/distribution/spec/api/#listing-repositories\",\"description\":"
            + "\"Lists the repositories of this registry.\",\"endpoints\":[\"_catalog\"]}]}");

    private ListRoutes() {}

    /** Whole unless a number is asked for, as the specification wants it. */
    static void tags(Turn turn, Endpoint.TagList at) {
        turn.read(call -> {
            PageRequest asked = at.paging().request(PageRequest.MAX_LIMIT);
            Page<Tag> page = turn.repository(at.name(), call).tags(asked);
            turn.describe(call);
            if (at.paging().nothing()) {
                page = Page.empty();
            } else if (at.paging().n().isPresent() && page.more()) {
                String last = page.items().get(page.items().size() - 1).name();
                link(
                        turn.exchange(),
                        new Endpoint.TagList(at.name(), at.paging().after(last, asked.limit())));
            }
            if (at.paging().n().isEmpty() && page.more()) {
                // What answered from nearby once need not when the client has come to the next page.
                Call anywhere = call.within(Reach.ANYWHERE);
                TagStream.send(turn, at.name(), page, asked, turn.repository(at.name(), anywhere)::tags);
                return;
            }
            List<Tag> tags = page.items();
            json(turn.exchange(), out -> Listings.tags(at.name(), tags.iterator(), out));
        });
    }

    static void catalog(Turn turn, Endpoint.Catalog at) {
        turn.read(call -> {
            PageRequest asked = at.paging().request(CATALOG_PAGE);
            Page<RepositoryName> page = turn.registry().repositories(asked, call);
            turn.describe(call);
            List<RepositoryName> names = at.paging().nothing() ? List.of() : page.items();
            if (page.more() && !names.isEmpty()) {
                String last = names.get(names.size() - 1).value();
                link(turn.exchange(), new Endpoint.Catalog(at.paging().after(last, asked.limit())));
            }
            json(turn.exchange(), out -> Listings.catalog(names.iterator(), out));
        });
    }

    /** Never unknown: a subject without referrers, known or not, has an empty index. */
    static void referrers(Turn turn, Endpoint.Referrers at) {
        turn.read(call -> {
            PageRequest asked = at.paging().request(CATALOG_PAGE);
            Page<Descriptor> found = turn.repository(at.name(), call).referrers(at.subject(), at.types(), asked);
            turn.describe(call);
            ReferrersBody body = ReferrersBody.of(at.paging().nothing() ? Page.empty() : found);
            HttpServerExchange exchange = turn.exchange();
            if (!at.types().isEmpty()) {
                exchange.getResponseHeaders().put(Answers.OCI_FILTERS, "artifactType");
            }
            List<Descriptor> items = body.page().items();
            if (body.page().more() && !items.isEmpty()) {
                String last = items.get(items.size() - 1).digest().toString();
                link(
                        exchange,
                        new Endpoint.Referrers(
                                at.name(), at.subject(), at.types(), at.paging().after(last, asked.limit())));
            }
            Answers.bytes(exchange, 200, MediaType.OCI_INDEX.value(), body.json());
        });
    }

    static void extensions(HttpServerExchange exchange) {
        Answers.bytes(exchange, 200, Answers.JSON, EXTENSIONS.duplicate());
    }

    private static void link(HttpServerExchange exchange, Endpoint next) {
        exchange.getResponseHeaders().put(Answers.LINK, NextLink.render(next));
    }

    private interface Listing {
        void writeTo(Writer out) throws IOException;
    }

    private static void json(HttpServerExchange exchange, Listing listing) {
        StringWriter text = new StringWriter();
        try {
            listing.writeTo(text);
        } catch (IOException e) {
            throw new UncheckedIOException("a StringWriter does not fail", e);
        }
        Answers.bytes(exchange, 200, Answers.JSON, utf8(text.toString()));
    }

    private static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
