package io.entrepot.auth.oidc;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.entrepot.core.ErrorCode;
import io.entrepot.core.Principal;
import io.entrepot.core.RegistryException;
import io.entrepot.core.store.DocumentStore;
import io.entrepot.core.store.DocumentStore.Change;
import io.entrepot.core.store.DocumentStore.ConflictException;
import io.entrepot.core.store.DocumentStore.Delete;
import io.entrepot.core.store.DocumentStore.Document;
import io.entrepot.core.store.DocumentStore.Put;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Who has logged in with the provider. A person is its issuer and subject, which never change; his name here is the one
 * he had when he came first, and stays his. So nobody comes into the rights of another by taking a name that was free at
 * the provider.
 */
public final class People {
    /** The realm of those who log in with a provider. */
    public static final String REALM = "oidc";

    private static final String PERSONS = "oidc-persons";
    private static final String NAMES = "oidc-names";
    private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9._@-]{0,63}");
    private static final int TRIES = 5;
    /** How long somebody who does not log in again keeps his groups, where a key of his is used. */
    private static final Duration GROUPS_LAST = Duration.ofDays(30);

    private final DocumentStore documents;
    private final InstantSource clock;

    public People(DocumentStore documents, InstantSource clock) {
        this.documents = documents;
        this.clock = clock;
    }

    /**
     * The principal of somebody who has just logged in, whose groups are these from now on.
     *
     * @param claimedName counts only the first time
     * @throws RejectedException if the name cannot be one here, or is somebody else's
     */
    Principal welcome(String issuer, String subject, String claimedName, Set<String> groups) throws RejectedException {
        String id = Chance.hash(issuer + "\n" + subject);
        for (int i = 0; i < TRIES; i++) {
            try {
                Optional<Document> known = documents.get(PERSONS, id);
                return known.isPresent()
                        ? again(known.get(), issuer, subject, groups)
                        : first(id, issuer, subject, claimedName.toLowerCase(Locale.ROOT), groups);
            } catch (ConflictException e) {
                // He logs in twice at once, or another took the name this very moment: look again.
            }
        }
        throw new RegistryException.Unavailable(
                ErrorCode.UNAVAILABLE,
                "this person is being changed: try again",
                Optional.of(Duration.ofSeconds(1)),
                null);
    }

    private Principal again(Document known, String issuer, String subject, Set<String> groups) {
        String name = read(known).get("name").getAsString();
        String json = json(issuer, subject, name, groups);
        documents.commit(List.of(new Put(PERSONS, known.id(), known.version(), json)));
        return new Principal(REALM, name);
    }

    private Principal first(String id, String issuer, String subject, String name, Set<String> groups)
            throws RejectedException {
        SignedTokens.require(
                NAME.matcher(name).matches(),
                "the name that the provider gives cannot be one here: 1 to 64 letters, digits, '.', '_', '@' and '-',"
                        + " the first a letter or digit");
        SignedTokens.require(
                documents.get(NAMES, name).isEmpty(),
                "the name " + name + " belongs to another person of the provider, who had it before: have an"
                        + " administrator release it, or get another name there");
        JsonObject owner = new JsonObject();
        owner.addProperty("person", id);
        documents.commit(List.of(
                new Put(PERSONS, id, DocumentStore.ABSENT, json(issuer, subject, name, groups)),
                new Put(NAMES, name, DocumentStore.ABSENT, owner.toString())));
        return new Principal(REALM, name);
    }

    /** The groups that he had when he last logged in; none if that was more than 30 days ago, or never. */
    public Set<String> groups(Principal principal) {
        Optional<JsonObject> person = principal.realm().equals(REALM)
                ? documents.get(NAMES, principal.name()).flatMap(this::owner).map(People::read)
                : Optional.empty();
        if (person.isEmpty() || clock.instant().isAfter(lastSeen(person.get()).plus(GROUPS_LAST))) {
            return Set.of();
        }
        Set<String> groups = new TreeSet<>();
        for (JsonElement group : person.get().getAsJsonArray("groups")) {
            groups.add(group.getAsString());
        }
        return Set.copyOf(groups);
    }

    /**
     * Makes a name free: for somebody who is gone. Roles that were given to the name stay with it, and are to be taken away
     * before.
     *
     * @return whether it was somebody's
     */
    public boolean release(String name) {
        Optional<Document> owner = documents.get(NAMES, name);
        if (owner.isEmpty()) {
            return false;
        }
        Change releaseName = new Delete(NAMES, name, owner.get().version());
        List<Change> changes = owner(owner.get())
                .map(person -> List.of(releaseName, new Delete(PERSONS, person.id(), person.version())))
                .orElse(List.of(releaseName));
        documents.commit(changes);
        return true;
    }

    private Optional<Document> owner(Document name) {
        return documents.get(PERSONS, read(name).get("person").getAsString());
    }

    private static Instant lastSeen(JsonObject person) {
        return Instant.parse(person.get("seen").getAsString());
    }

    private static JsonObject read(Document document) {
        return JsonParser.parseString(document.json()).getAsJsonObject();
    }

    private String json(String issuer, String subject, String name, Set<String> groups) {
        JsonObject person = new JsonObject();
        person.addProperty("issuer", issuer);
        person.addProperty("subject", subject);
        person.addProperty("name", name);
        person.addProperty("seen", clock.instant().toString());
        JsonArray list = new JsonArray();
        new TreeSet<>(groups).forEach(list::add);
        person.add("groups", list);
        return person.toString();
    }
}
