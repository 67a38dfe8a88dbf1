package io.entrepot.proxy.remote;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.entrepot.core.Call;
import io.entrepot.core.RegistryException;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.SearchHit;
import io.entrepot.core.wire.Scope;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Searches by version 1 of the registry protocol, which is all that there is for it. */
final class RemoteSearch {
    private static final int MOST_HITS = 100;
    private static final int MOST_BYTES = 4 << 20;
    private static final int MOST_DESCRIPTION = 1_000;
    private static final List<Scope> SCOPES = List.of(new Scope("registry", "catalog", Set.of("search")));

    private final Sender sender;
    private final Optional<URI> index;
    private final Call call;

    RemoteSearch(Sender sender, Optional<URI> index, Call call) {
        this.sender = sender;
        this.index = index;
        this.call = call;
    }

    List<SearchHit> find(String text, int limit) {
        if (limit < 1) {
            throw new IllegalArgumentException("a search has at least one hit, not " + limit);
        }
        int most = Math.min(limit, MOST_HITS);
        String query = "/v1/search?q="
                + URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20") + "&n=" + most;
        String root = index.map(URI::toString).orElse("");
        String target = (root.endsWith("/") ? root.substring(0, root.length() - 1) : root) + query;
        return sender.read(Outgoing.of("GET", target, SCOPES), call, reply -> {
            sender.require(
                    200, reply, () -> new RegistryException.Unsupported("the remote registry cannot be searched"));
            List<SearchHit> hits = hits(reply.bytes(MOST_BYTES));
            return hits.size() > most ? hits.subList(0, most) : hits;
        });
    }

    /** Hits whose names cannot be pulled are left out. */
    private static List<SearchHit> hits(byte[] body) {
        List<SearchHit> hits = new ArrayList<>();
        for (JsonElement element : results(body)) {
            if (element instanceof JsonObject hit) {
                try {
                    hits.add(new SearchHit(
                            new RepositoryName(text(hit, "name")).value(),
                            description(hit),
                            stars(hit),
                            flag(hit, "is_official"),
                            flag(hit, "is_automated")));
                } catch (RegistryException.Invalid e) {
                    // The others are still good.
                }
            }
        }
        return hits;
    }

    private static JsonArray results(byte[] body) {
        try {
            if (JsonParser.parseString(new String(body, StandardCharsets.UTF_8)) instanceof JsonObject answer
                    && answer.get("results") instanceof JsonArray results) {
                return results;
            }
        } catch (JsonParseException | IllegalStateException e) {
            // As below.
        }
        throw Refusals.nonsense("what it found is no list");
    }

    private static String text(JsonObject hit, String name) {
        return hit.get(name) instanceof JsonPrimitive p && p.isString() ? p.getAsString() : "";
    }

    private static String description(JsonObject hit) {
        String text = text(hit, "description");
        return text.length() > MOST_DESCRIPTION ? text.substring(0, MOST_DESCRIPTION) : text;
    }

    private static long stars(JsonObject hit) {
        String digits = hit.get("star_count") instanceof JsonPrimitive p && p.isNumber() ? p.getAsString() : "";
        return !digits.isEmpty() && digits.length() < 19 && digits.chars().allMatch(c -> c >= '0' && c <= '9')
                ? Long.parseLong(digits)
                : 0;
    }

    private static boolean flag(JsonObject hit, String name) {
        return hit.get(name) instanceof JsonPrimitive p && p.isBoolean() && p.getAsBoolean();
    }
}
