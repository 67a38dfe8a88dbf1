package io.entrepot.server.http;

import com.google.gson.stream.JsonWriter;
import io.entrepot.core.Call;
import io.entrepot.core.ErrorCode;
import io.entrepot.core.Reach;
import io.entrepot.core.Registry;
import io.entrepot.core.RegistryException;
import io.entrepot.core.SearchHit;
import io.entrepot.core.wire.Scope;
import io.undertow.server.HttpServerExchange;
import io.undertow.util.HttpString;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is left of Docker's first registry protocol: {@code docker search} and {@code podman search} still speak it. Images
 * travel by the second one only.
 */
public final class V1Routes {
    private static final HttpString STANDALONE = new HttpString("X-Docker-Registry-Standalone");
    private static final int HITS = 25;
    private static final int MOST_HITS = 100;
    private static final int LONGEST_TEXT = 256;
    private static final Set<String> ALL = Set.of("GET", "HEAD", "PUT", "POST", "DELETE");

    private final Reception reception;

    public V1Routes(Reception reception) {
        this.reception = reception;
    }

    /** For {@link Site}, before everything else that begins with {@code /v1}. */
    public List<Route> routes() {
        return List.of(
                Route.free("/v1/_ping", Route.READ, V1Routes::ping),
                new Route("/v1/search", false, Set.of("GET"), Need.GUARDED, this::search),
                new Route("/v1", true, ALL, Need.NOTHING, V1Routes::other));
    }

    private static void ping(HttpServerExchange exchange) {
        exchange.getResponseHeaders().put(STANDALONE, "true");
        Answers.bytes(exchange, 200, Answers.JSON, utf8("true"));
    }

    private static void other(HttpServerExchange exchange) {
        Errors.answer(
                exchange,
                new RegistryException.Unsupported("images are pushed and pulled by version 2 of the protocol only:"
                        + " of version 1 there is the search"));
    }

    private void search(HttpServerExchange exchange) {
        reception.admit(exchange, List.of(Scope.CATALOG), admission -> {
            try {
                Query query = Query.of(exchange);
                Registry view = reception.entrance().view().of(admission.caller(), Optional.empty());
                Call call = new Call(
                        admission.caller().principal(), Call.Purpose.PULL, Reach.ANYWHERE, RequestIds.of(exchange));
                Turn turn = new Turn(exchange, view, reception.workers(), call, admission);
                turn.read(as -> {
                    List<SearchHit> hits = turn.registry().search(query.text, query.limit, as);
                    turn.describe(as);
                    Answers.bytes(exchange, 200, Answers.JSON, utf8(json(query, hits)));
                });
            } catch (RuntimeException e) {
                admission.refuse(e);
            }
        });
    }

    private record Query(String text, int limit) {
        static Query of(HttpServerExchange exchange) {
            String text = first(exchange, "q");
            if (text.length() > LONGEST_TEXT) {
                throw new RegistryException.TooLarge(
                        ErrorCode.UNSUPPORTED, LONGEST_TEXT, "a search has at most " + LONGEST_TEXT + " characters");
            }
            return new Query(text, limit(first(exchange, "n")));
        }

        private static String first(HttpServerExchange exchange, String name) {
            Deque<String> values = exchange.getQueryParameters().get(name);
            return values == null ? "" : URLDecoder.decode(values.getFirst(), StandardCharsets.UTF_8);
        }

        /** What is no number, or too many, is as many as there may be. */
        private static int limit(String n) {
            if (n.isEmpty()) {
                return HITS;
            }
            boolean number = n.length() <= 3 && n.chars().allMatch(c -> c >= '0' && c <= '9');
            return number ? Math.max(1, Math.min(MOST_HITS, Integer.parseInt(n))) : MOST_HITS;
        }
    }

    private static String json(Query query, List<SearchHit> hits) {
        StringWriter text = new StringWriter();
        try (JsonWriter json = new JsonWriter(text)) {
            json.beginObject();
            json.name("query").value(query.text);
            json.name("num_results").value(hits.size());
            json.name("num_pages").value(1);
            json.name("page").value(1);
            json.name("page_size").value(query.limit);
            json.name("results").beginArray();
            for (SearchHit hit : hits) {
                json.beginObject();
                json.name("name").value(hit.name());
                json.name("description").value(hit.description());
                json.name("star_count").value(hit.stars());
                json.name("is_official").value(hit.official());
                json.name("is_automated").value(hit.automated());
                json.endObject();
            }
            json.endArray().endObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a StringWriter does not fail", e);
        }
        return text.toString();
    }

    private static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
    }
}
