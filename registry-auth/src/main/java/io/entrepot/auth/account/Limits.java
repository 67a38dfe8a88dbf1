package io.entrepot.auth.account;

import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** How much of everything is kept, so that all of it fits into memory and no document grows too long. */
public final class Limits {
    public static final int MAX_USERS = 5_000;
    public static final int MAX_ROLES = 1_000;
    public static final int MAX_KEYS = 5_000;
    public static final int MAX_KEYS_OF_ONE = 100;
    public static final int MAX_ASSIGNMENTS = 5_000;

    private Limits() {}

    static void require(Snapshot snapshot) {
        most(snapshot.users().size(), MAX_USERS, "users and robots");
        most(snapshot.roles().size(), MAX_ROLES, "roles");
        most(snapshot.keys().size(), MAX_KEYS, "API keys");
        most(snapshot.assignments().size(), MAX_ASSIGNMENTS, "principals and groups of other realms with roles");
        Map<String, Long> byOwner = snapshot.keys().stream()
                .map(ApiKey::owner)
                .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
        byOwner.forEach((owner, count) -> most(count, MAX_KEYS_OF_ONE, "API keys of " + owner));
    }

    private static void most(long count, long max, String what) {
        if (count > max) {
            throw new AccountException(AccountException.Reason.NOT_ALLOWED, "there can be at most " + max + " " + what);
        }
    }
}
