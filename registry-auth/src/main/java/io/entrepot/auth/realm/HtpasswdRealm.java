package io.entrepot.auth.realm;

import io.entrepot.auth.account.ApiKeys;
import io.entrepot.auth.account.Identity;
import io.entrepot.auth.password.HashingGate;
import io.entrepot.core.Principal;
import io.entrepot.core.access.Credentials;
import io.entrepot.core.access.Visit;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Names and bcrypt hashes in a file that others write. It is read again when its time or size has changed; as long as it
 * cannot be read, what it held last goes on holding. Everybody in it is in the group {@value #GROUP}.
 */
public final class HtpasswdRealm implements Realm {
    public static final String NAME = "htpasswd";
    /** To which roles can be assigned. */
    public static final String GROUP = "htpasswd";

    static final long MAX_BYTES = 16 << 20;

    /** A file that was written so shortly before it was read may be written again without its time or size telling. */
    private static final Duration SETTLED = Duration.ofSeconds(2);

    private static final int PROBLEMS_LOGGED = 20;
    private static final Logger LOG = LoggerFactory.getLogger(HtpasswdRealm.class);

    /**
     * @param settled whether its time and size are enough to tell that it is still the same
     * @param failing whether it could not be read the last time
     */
    private record Loaded(HtpasswdFile file, FileTime time, long size, boolean settled, boolean failing) {}

    private final Path path;
    private final HashingGate gate;
    private final InstantSource clock;
    /** Replaced as a whole, under this object's lock. */
    private volatile Loaded loaded = new Loaded(HtpasswdFile.EMPTY, FileTime.fromMillis(0), -1, false, false);

    /** @param file may be missing, which is logged */
    public HtpasswdRealm(Path file, HashingGate gate, InstantSource clock) {
        this.path = file;
        this.gate = gate;
        this.clock = clock;
        current();
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Verdict judge(Credentials credentials, Visit visit) {
        if (!(credentials instanceof Credentials.Password password) || ApiKeys.looksLikeOne(password.secret())) {
            return new Verdict.NotMine();
        }
        Optional<String> hash = current().hashOf(password.user());
        if (hash.isEmpty() || password.user().equals(ApiKeyRealm.ANY_USER)) {
            return new Verdict.NotMine();
        }
        if (!gate.matches(password.secret(), hash.get())) {
            return new Verdict.Wrong("wrong password");
        }
        return new Verdict.Recognised(
                new Identity(new Principal(NAME, password.user()), Set.of(GROUP), Optional.empty(), Optional.empty()));
    }

    @Override
    public void pretend(Credentials credentials) {
        if (credentials instanceof Credentials.Password password && !ApiKeys.looksLikeOne(password.secret())) {
            loaded.file().anyHash().ifPresent(hash -> {
                // Whether it matches is of no interest: it is somebody else's.
                boolean ignored = gate.matches(password.secret(), hash);
            });
        }
    }

    private synchronized HtpasswdFile current() {
        Loaded last = loaded;
        try {
            BasicFileAttributes now = Files.readAttributes(path, BasicFileAttributes.class);
            if (!last.settled()
                    || last.failing()
                    || now.size() != last.size()
                    || !now.lastModifiedTime().equals(last.time())) {
                loaded = load(now, last);
            }
        } catch (IOException e) {
            if (!last.failing()) {
                LOG.warn("{} cannot be read; what it held before goes on holding ({} users)", path, count(last), e);
            }
            loaded = new Loaded(last.file(), last.time(), last.size(), false, true);
        }
        return loaded.file();
    }

    private Loaded load(BasicFileAttributes now, Loaded last) throws IOException {
        if (now.size() > MAX_BYTES) {
            throw new IOException("it is larger than " + MAX_BYTES + " bytes");
        }
        Instant begun = clock.instant();
        HtpasswdFile file = HtpasswdFile.parse(Files.readAllBytes(path));
        if (last.failing() || !file.equals(last.file())) {
            LOG.info("{} has {} users", path, file.hashes().size());
            file.problems().stream()
                    .limit(PROBLEMS_LOGGED)
                    .forEach(problem -> LOG.warn("{}, {}; it is ignored", path, problem));
        }
        boolean settled = begun.isAfter(now.lastModifiedTime().toInstant().plus(SETTLED));
        return new Loaded(file, now.lastModifiedTime(), now.size(), settled, false);
    }

    private static int count(Loaded loaded) {
        return loaded.file().hashes().size();
    }
}
