package io.entrepot.auth.account;

import io.entrepot.core.RepositoryName;
import io.entrepot.core.RepositoryPattern;
import io.entrepot.core.access.Domain;
import io.entrepot.core.access.RegistryId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Privileges made ready to be asked: by registry, then by action, then by name. */
final class PrivilegeSet {
    private static final String VARIABLE = "{user}";
    /** A name that can stand in that of a repository, and is no pattern. Any other makes the variable match nothing. */
    private static final Pattern PLAIN = Pattern.compile("[a-z0-9._-]+");

    private static final int MAX_REGISTRIES = 1_000;

    private final Map<String, List<Privilege.Content>> exact = new HashMap<>();
    private final List<Privilege.Content> others = new ArrayList<>();
    private final List<Privilege.Admin> admin = new ArrayList<>();
    private final Map<RegistryId, Grants> compiled = new ConcurrentHashMap<>();

    /** @param user what the variable in patterns stands for */
    PrivilegeSet(Collection<Privilege> privileges, String user) {
        for (Privilege privilege : privileges) {
            if (privilege instanceof Privilege.Admin a) {
                admin.add(a);
            } else if (privilege instanceof Privilege.Content c) {
                expand(c, user).ifPresent(this::add);
            }
        }
    }

    private static Optional<Privilege.Content> expand(Privilege.Content content, String user) {
        String glob = content.names().glob();
        if (!glob.contains(VARIABLE)) {
            return Optional.of(content);
        }
        String expanded = glob.replace(VARIABLE, user);
        boolean fits = PLAIN.matcher(user).matches() && expanded.length() <= RepositoryName.MAX_LENGTH;
        return fits
                ? Optional.of(new Privilege.Content(
                        content.actions(), content.registries(), new RepositoryPattern(expanded), content.tags()))
                : Optional.empty();
    }

    private void add(Privilege.Content content) {
        if (content.registries() instanceof RegistrySelector.Named named && named.exact()) {
            exact.computeIfAbsent(named.glob(), n -> new ArrayList<>()).add(content);
        } else {
            others.add(content);
        }
    }

    Grants in(RegistryId registry) {
        Grants known = compiled.get(registry);
        if (known != null) {
            return known;
        }
        List<Privilege.Content> selected = new ArrayList<>(exact.getOrDefault(registry.name(), List.of()));
        others.stream().filter(c -> c.registries().selects(registry)).forEach(selected::add);
        Grants grants = new Grants(selected);
        if (compiled.size() < MAX_REGISTRIES) {
            compiled.put(registry, grants);
        }
        return grants;
    }

    boolean sees(Domain domain) {
        return admin.stream().anyMatch(a -> a.domain() == domain);
    }

    boolean administers(Domain domain) {
        return admin.stream().anyMatch(a -> a.domain() == domain && a.change());
    }

    /** Whether everything that {@code wanted} allows, whoever has it, is allowed by these too, as far as it shows. */
    boolean covers(Privilege wanted) {
        if (wanted instanceof Privilege.Admin a) {
            return a.change() ? administers(a.domain()) : sees(a.domain());
        }
        Privilege.Content content = (Privilege.Content) wanted;
        return content.actions().stream()
                .allMatch(action ->
                        candidates(content).anyMatch(own -> own.actions().contains(action) && covers(own, content)));
    }

    private Stream<Privilege.Content> candidates(Privilege.Content wanted) {
        return wanted.registries() instanceof RegistrySelector.Named named && named.exact()
                ? Stream.concat(exact.getOrDefault(named.glob(), List.of()).stream(), others.stream())
                : others.stream();
    }

    private static boolean covers(Privilege.Content own, Privilege.Content wanted) {
        // Whose name will stand there is not known: what any one name could be must be covered.
        String names = wanted.names().glob().replace(VARIABLE, "*");
        return covers(own.registries(), wanted.registries())
                && Globs.covers(own.names().glob(), names, false)
                && own.tags()
                        .map(mine -> wanted.tags()
                                .map(t -> Globs.covers(mine.glob(), t.glob(), true))
                                .orElse(false))
                        .orElse(true);
    }

    private static boolean covers(RegistrySelector own, RegistrySelector wanted) {
        if (own instanceof RegistrySelector.Named mine && wanted instanceof RegistrySelector.Named other) {
            return Globs.covers(mine.glob(), other.glob(), true);
        }
        return own instanceof RegistrySelector.All || own.equals(wanted);
    }
}
