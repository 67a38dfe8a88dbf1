package io.entrepot.auth.token;

import com.google.common.hash.Hashing;
import com.google.gson.JsonObject;
import io.entrepot.auth.account.Identity;
import io.entrepot.auth.account.KnownIdentity;
import io.entrepot.auth.account.Policy;
import io.entrepot.auth.account.User;
import io.entrepot.core.Principal;
import io.entrepot.core.store.DocumentStore;
import io.entrepot.core.store.DocumentStore.Change;
import io.entrepot.core.store.DocumentStore.Document;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Credentials that clients keep in place of a password: 256 random bits of which only the hash is stored, good for their
 * owner on one connector, until they were not used for a while, or anything of their owner has changed. Only users of
 * this server get them, for their passwords: what another realm or a key allows may end any time.
 */
public final class RefreshTokens {
    static final Duration IDLE = Duration.ofDays(30);
    static final int MOST_OF_ONE = 50;
    static final int MOST = 5_000;

    private static final String COLLECTION = "refresh-tokens";
    private static final String PREFIX = "rgr_";
    private static final int BYTES = 32;
    private static final int MAX_CLIENT = 100;
    /** How precisely it is known when one was used last. */
    private static final Duration GRAIN = Duration.ofDays(1);

    private final DocumentStore documents;
    private final Policy policy;
    private final InstantSource clock;
    private final SecureRandom random;

    /**
     * What may be shown of one.
     *
     * @param used to the day
     */
    public record Info(String id, Principal owner, String service, String client, Instant made, Instant used) {}

    private record Kept(Info info, long securityVersion, long documentVersion) {}

    RefreshTokens(DocumentStore documents, Policy policy, InstantSource clock, SecureRandom random) {
        this.documents = documents;
        this.policy = policy;
        this.clock = clock;
        this.random = random;
    }

    /** Empty if he does not get one. Whoever has too many loses the one that he has not used for the longest. */
    Optional<String> make(KnownIdentity owner, String service, String client) {
        Identity identity = owner.identity();
        if (!identity.principal().realm().equals(User.REALM) || !identity.equals(Identity.of(identity.principal()))) {
            return Optional.empty();
        }
        byte[] bytes = new byte[BYTES];
        random.nextBytes(bytes);
        String token = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        String shortClient = client.substring(0, Math.min(client.length(), MAX_CLIENT));
        Info info = new Info(hash(token), identity.principal(), service, shortClient, now, now);
        List<Change> changes = new ArrayList<>(surplus(identity.principal()));
        changes.add(new DocumentStore.Put(
                COLLECTION, info.id(), DocumentStore.ABSENT, json(new Kept(info, owner.securityVersion(), 0))));
        try {
            documents.commit(changes);
            return Optional.of(token);
        } catch (DocumentStore.ConflictException e) {
            // Somebody else was clearing up at the same moment. The client goes on with its password.
            return Optional.empty();
        }
    }

    private List<Change> surplus(Principal owner) {
        List<Kept> all = all();
        List<Kept> his = all.stream()
                .filter(kept -> kept.info().owner().equals(owner))
                .sorted(Comparator.comparing(kept -> kept.info().used()))
                .toList();
        List<Kept> surplus = new ArrayList<>(all.stream().filter(this::isOver).toList());
        his.stream()
                .limit(Math.max(0, his.size() - MOST_OF_ONE + 1))
                .filter(kept -> !surplus.contains(kept))
                .forEach(surplus::add);
        if (all.size() - surplus.size() >= MOST) {
            all.stream()
                    .min(Comparator.comparing(kept -> kept.info().used()))
                    .filter(kept -> !surplus.contains(kept))
                    .ifPresent(surplus::add);
        }
        return surplus.stream().map(RefreshTokens::deletion).toList();
    }

    private static Change deletion(Kept kept) {
        return new DocumentStore.Delete(COLLECTION, kept.info().id(), kept.documentVersion());
    }

    /** Empty if it is not good, for whatever reason. */
    Optional<KnownIdentity> redeem(String token, String service) {
        if (!token.startsWith(PREFIX)) {
            return Optional.empty();
        }
        Optional<Kept> found = documents
                .get(COLLECTION, hash(token))
                .map(RefreshTokens::kept)
                .filter(kept -> kept.info().service().equals(service))
                .filter(kept -> !isOver(kept));
        found.ifPresent(this::noteUse);
        return found.map(kept -> new KnownIdentity(Identity.of(kept.info().owner()), kept.securityVersion()));
    }

    private boolean isOver(Kept kept) {
        return !clock.instant().isBefore(kept.info().used().plus(IDLE).plus(GRAIN))
                || !policy.securityVersion(kept.info().owner()).equals(OptionalLong.of(kept.securityVersion()));
    }

    private void noteUse(Kept kept) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Info info = kept.info();
        if (now.isBefore(info.used().plus(GRAIN))) {
            return;
        }
        Info used = new Info(info.id(), info.owner(), info.service(), info.client(), info.made(), now);
        String json = json(new Kept(used, kept.securityVersion(), 0));
        try {
            documents.commit(List.of(new DocumentStore.Put(COLLECTION, info.id(), kept.documentVersion(), json)));
        } catch (DocumentStore.ConflictException e) {
            // Another process has noted the same, or it was revoked this moment, which the token that is given now
            // outlives
            // as any would.
        }
    }

    /** Those that are good for something. */
    public List<Info> list() {
        return all().stream().filter(kept -> !isOver(kept)).map(Kept::info).toList();
    }

    /** What was given for it stays good until it expires. Whether there was one of this id. */
    public boolean revoke(String id) {
        Optional<Document> document = documents.get(COLLECTION, id);
        document.ifPresent(d -> documents.commit(List.of(new DocumentStore.Delete(COLLECTION, d.id(), d.version()))));
        return document.isPresent();
    }

    private List<Kept> all() {
        return documents.all(COLLECTION).stream().map(RefreshTokens::kept).toList();
    }

    private static String hash(String token) {
        return Hashing.sha256().hashString(token, StandardCharsets.UTF_8).toString();
    }

    private static String json(Kept kept) {
        JsonObject json = new JsonObject();
        json.addProperty("realm", kept.info().owner().realm());
        json.addProperty("name", kept.info().owner().name());
        json.addProperty("service", kept.info().service());
        json.addProperty("client", kept.info().client());
        json.addProperty("made", kept.info().made().getEpochSecond());
        json.addProperty("used", kept.info().used().getEpochSecond());
        json.addProperty("sv", kept.securityVersion());
        return json.toString();
    }

    private static Kept kept(Document document) {
        JsonObject json = StrictJson.read(document.json()).orElseThrow(RefreshTokens::broken);
        Info info = new Info(
                document.id(),
                new Principal(text(json, "realm"), text(json, "name")),
                text(json, "service"),
                text(json, "client"),
                StrictJson.seconds(json, "made").orElseThrow(RefreshTokens::broken),
                StrictJson.seconds(json, "used").orElseThrow(RefreshTokens::broken));
        return new Kept(info, StrictJson.number(json, "sv").orElseThrow(RefreshTokens::broken), document.version());
    }

    private static String text(JsonObject json, String name) {
        return StrictJson.string(json, name).orElseThrow(RefreshTokens::broken);
    }

    private static IllegalStateException broken() {
        return new IllegalStateException("the document of a refresh token is broken");
    }
}
