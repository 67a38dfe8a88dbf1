package io.entrepot.proxy;

import io.entrepot.core.Call;
import io.entrepot.core.Descriptor;
import io.entrepot.core.Manifest;
import io.entrepot.core.Reference;
import io.entrepot.core.Registry;
import io.entrepot.core.Repository;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.store.ProxyState;
import io.entrepot.proxy.download.Downloads;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** What all repositories of one proxy registry share. */
record Parts(
        String name,
        Registry upstream,
        Registry cache,
        ProxyState state,
        Downloads downloads,
        Runnable makeRoom,
        ProxyOptions options,
        Flights<Question, Upstreams.Told<Optional<Manifest>>> manifests,
        Flights<Question, Upstreams.Told<Optional<Descriptor>>> heads,
        Flights<ListQuestion, Upstreams.Told<Optional<String>>> lists,
        InstantSource clock) {

    record Question(RepositoryName repository, Reference reference) {}

    record ListQuestion(RepositoryName repository, String key) {}

    /** The repository of the cache, for what the registry itself does there. */
    Repository kept(RepositoryName local) {
        return cache.repository(local, Call.internal());
    }

    Upstreams upstream(RepositoryName local) {
        return new Upstreams(upstream, options.names().remote(local));
    }

    void answered(Call call, List<String> warnings) {
        call.source().answeredBy(name);
        warnings.forEach(call.source()::warn);
    }
}
