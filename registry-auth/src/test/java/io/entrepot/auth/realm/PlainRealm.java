package io.entrepot.auth.realm;

import io.entrepot.auth.account.Identity;
import io.entrepot.core.Principal;
import io.entrepot.core.access.Credentials;
import io.entrepot.core.access.Visit;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Names and passwords in a map, with work that a test chooses and counts in the place of hashing. */
final class PlainRealm implements Realm {
    final Map<String, String> passwords = new ConcurrentHashMap<>();
    final AtomicInteger hashed = new AtomicInteger();
    volatile Runnable work = () -> {};
    private final String name;

    PlainRealm(String name) {
        this.name = name;
    }

    PlainRealm with(String user, String password) {
        passwords.put(user, password);
        return this;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Verdict judge(Credentials credentials, Visit visit) {
        if (!(credentials instanceof Credentials.Password password) || !passwords.containsKey(password.user())) {
            return new Verdict.NotMine();
        }
        boolean right = Objects.equals(passwords.get(password.user()), password.secret());
        pretend(credentials);
        return right
                ? new Verdict.Recognised(Identity.of(new Principal(name, password.user())))
                : new Verdict.Wrong("wrong password");
    }

    @Override
    public void pretend(Credentials credentials) {
        hashed.incrementAndGet();
        work.run();
    }
}
