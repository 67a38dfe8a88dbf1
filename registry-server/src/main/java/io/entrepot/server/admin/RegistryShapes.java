package io.entrepot.server.admin;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.entrepot.proxy.download.Downloads.Progress;
import io.entrepot.proxy.upstream.Ledger.Figures;
import io.entrepot.proxy.upstream.UpstreamState;
import io.entrepot.proxy.upstream.UpstreamState.Condition;
import java.util.Collection;
import java.util.Locale;
import java.util.TreeMap;

/** How registries look in answers. */
final class RegistryShapes {
    private RegistryShapes() {}

    static JsonObject of(RegistryInfo info) {
        JsonObject json = new JsonObject();
        json.addProperty("name", info.name());
        json.addProperty("kind", info.kind().name().toLowerCase(Locale.ROOT));
        json.addProperty("main", info.main());
        json.addProperty("online", info.online());
        json.addProperty("blobStore", info.blobStore());
        json.add("urls", inOrder(info.reached().urls()));
        info.reached().mirror().ifPresent(url -> json.addProperty("mirror", url.toString()));
        switch (info.kind()) {
            case PROXY -> {
                json.add("remotes", inOrder(info.remotes()));
                json.add("hosts", inOrder(info.hosts()));
            }
            case GROUP -> {
                json.add("members", inOrder(info.members()));
                info.writable().ifPresent(member -> json.addProperty("writable", member));
            }
            case HOSTED -> {}
        }
        return json;
    }

    /** Here the order counts. */
    private static JsonArray inOrder(Collection<?> all) {
        JsonArray array = new JsonArray();
        all.forEach(one -> array.add(one.toString()));
        return array;
    }

    static JsonObject of(String name, ProxyControl proxy) {
        UpstreamState state = proxy.state();
        JsonObject json = new JsonObject();
        json.addProperty("registry", name);
        json.addProperty("blocked", state.blocked());
        json.addProperty("heldBytes", proxy.heldBytes());
        json.addProperty("limitBytes", proxy.limitBytes());
        json.addProperty("transfers", state.transfers());
        json.addProperty("waiting", state.waiting());
        JsonArray sources = new JsonArray();
        state.sources().forEach(source -> sources.add(of(source)));
        json.add("sources", sources);
        JsonArray downloads = new JsonArray();
        proxy.downloads().forEach(download -> downloads.add(of(download)));
        json.add("downloads", downloads);
        return json;
    }

    private static JsonObject of(UpstreamState.OfSource source) {
        Figures figures = source.figures();
        JsonObject json = new JsonObject();
        json.addProperty("source", source.label());
        json.addProperty("condition", word(source.condition()));
        json.addProperty("since", source.since().toString());
        source.until().ifPresent(until -> json.addProperty("until", until.toString()));
        json.addProperty(
                "requests",
                figures.requests().values().stream().mapToLong(Long::longValue).sum());
        JsonObject byKind = new JsonObject();
        new TreeMap<>(figures.requests()).forEach(byKind::addProperty);
        json.add("requestsByKind", byKind);
        json.addProperty("failures", figures.failures());
        json.addProperty("receivedBytes", figures.receivedBytes());
        figures.pullsLeft().ifPresent(text -> json.addProperty("pulls", text));
        figures.limit().ifPresent(limit -> json.addProperty("pullLimit", limit));
        figures.remaining().ifPresent(remaining -> json.addProperty("pullsRemaining", remaining));
        figures.window().ifPresent(window -> json.addProperty("pullWindowSeconds", window.toSeconds()));
        figures.last().ifPresent(trouble -> {
            json.addProperty("lastError", trouble.message());
            json.addProperty("lastErrorAt", trouble.at().toString());
        });
        return json;
    }

    /** Whether it is asked, for people who never heard of circuit breakers. */
    private static String word(Condition condition) {
        return switch (condition) {
            case CLOSED -> "well";
            case OPEN -> "failing";
            case HALF_OPEN -> "trying";
            case COOLING -> "cooling";
            case REFUSED -> "refused";
        };
    }

    private static JsonObject of(Progress download) {
        JsonObject json = new JsonObject();
        json.addProperty("digest", download.digest().toString());
        json.addProperty("size", download.size());
        json.addProperty("received", download.received());
        json.addProperty("readers", download.readers());
        return json;
    }

    static JsonObject of(ImageName image) {
        JsonObject json = new JsonObject();
        json.addProperty("repository", image.repository().value());
        json.addProperty("reference", image.reference().toString());
        return json;
    }

    static JsonObject of(RegistryInfo group, Explanation explanation) {
        JsonObject json = new JsonObject();
        json.addProperty("registry", group.name());
        json.addProperty("image", explanation.image());
        explanation.answeredBy().ifPresent(member -> json.addProperty("answeredBy", member));
        explanation.digest().ifPresent(digest -> json.addProperty("digest", digest));
        JsonArray items = new JsonArray();
        explanation.verdicts().forEach(verdict -> {
            JsonObject item = new JsonObject();
            item.addProperty("member", verdict.member());
            item.addProperty("verdict", verdict.word());
            item.addProperty("detail", verdict.detail());
            items.add(item);
        });
        json.add("items", items);
        return json;
    }
}
