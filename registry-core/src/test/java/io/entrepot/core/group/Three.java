package io.entrepot.core.group;

import io.entrepot.core.Call;
import io.entrepot.core.Principal;
import io.entrepot.core.Reach;
import io.entrepot.core.Registry;
import io.entrepot.core.Repository;
import io.entrepot.core.RepositoryName;
import io.entrepot.core.Tag;
import io.entrepot.core.group.Told.Word;
import io.entrepot.core.testkit.Client;
import io.entrepot.core.testkit.Content;
import io.entrepot.core.testkit.Sample;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/** Three registries to make groups of, m0 to m2, that say what they are told and have what they were given. */
final class Three {
    static final RepositoryName APP = new RepositoryName("team/app");
    static final Tag V1 = new Tag("v1");
    static final Content CONFIG = Content.of("{}");

    final List<Registry> stores = IntStream.range(0, 3)
            .mapToObj(i -> GroupContractTest.hosted("store"))
            .toList();
    final List<Told> told =
            stores.stream().map(store -> new Told(Word.FOUND, store)).toList();

    static Call call(Reach reach) {
        return new Call(Principal.INTERNAL, Call.Purpose.PULL, reach, "1");
    }

    static Repository in(Registry registry, RepositoryName name) {
        return registry.repository(name, call(Reach.ANYWHERE));
    }

    /** An image of the one member that no other has, its layer named after both. */
    Sample image(int member, RepositoryName name, Tag tag) {
        return Client.pushImage(in(stores.get(member), name), tag, CONFIG, layer(member, tag));
    }

    static Content layer(int member, Tag tag) {
        return Content.of(member + " " + tag);
    }

    void say(Word a, Word b, Word c) {
        told.get(0).say(a);
        told.get(1).say(b);
        told.get(2).say(c);
        told.forEach(member -> member.asked.clear());
    }

    Member fetching(int member) {
        return Member.fetching("m" + member, told.get(member));
    }

    GroupRegistry group(GroupOptions options) {
        return group("all", options, fetching(0), fetching(1), fetching(2));
    }

    static GroupRegistry group(String name, GroupOptions options, Member... members) {
        return new GroupRegistry(name, List.of(members), Optional.empty(), options);
    }

    /** Into the first. */
    static GroupRegistry writable(Member... members) {
        return new GroupRegistry("all", List.of(members), Optional.of(members[0]), GroupOptions.DEFAULT);
    }
}
