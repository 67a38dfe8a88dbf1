package io.entrepot.server;

import io.entrepot.auth.AccessControl;
import io.entrepot.auth.AccessOptions;
import io.entrepot.auth.account.Accounts;
import io.entrepot.auth.account.NewKey;
import io.entrepot.auth.account.NewUser;
import io.entrepot.auth.account.User;
import io.entrepot.auth.token.Tokens;
import io.entrepot.core.store.DocumentStore;
import io.entrepot.server.admin.AdminApi;
import io.entrepot.server.config.AccessSettings;
import io.entrepot.server.config.Configuration;
import io.entrepot.server.config.MetadataSettings;
import io.entrepot.server.config.RegistrySettings;
import io.entrepot.server.http.AdminHandler;
import io.entrepot.server.http.LoginHandler;
import io.entrepot.server.http.Reception;
import io.entrepot.server.http.Route;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Access control as the settings want it: opened, with somebody in it who can log in, and what it serves by itself. */
final class AccessStart {
    private AccessStart() {}

    /** @throws StartException if the settings are refused, or a file that they name cannot be used */
    static AccessControl open(Configuration configuration, DocumentStore documents, InstantSource clock) {
        AccessSettings settings = configuration.access();
        Map<String, RegistrySettings> registries = configuration.registries();
        Tokens.Options tokens = new Tokens.Options(
                settings.tokenLifetime(), settings.refreshTokens(), Tokens.Options.DEFAULT.maxKeyAge());
        AccessOptions options = new AccessOptions(
                settings.realms(),
                tokens,
                settings.htpasswd(),
                settings.ldap(),
                settings.certificates(),
                settings.oidc(),
                settings.workloads(),
                settings.externalTokens());
        try {
            return AccessControl.open(
                    documents,
                    data(configuration),
                    options,
                    registry -> Optional.ofNullable(registries.get(registry.name()))
                            .map(r -> r.manners().letsAnybodyPull(settings.anonymousPull()))
                            .orElse(false),
                    clock);
        } catch (IllegalArgumentException e) {
            throw new StartException(String.valueOf(e.getMessage()), e);
        }
    }

    /** @return the password that was made up, if this is a first start for which none was given */
    static Optional<InitialPassword> firstUsers(
            AccessControl access, Configuration configuration, List<NewUser> users, Opened opened) {
        if (access.directory().users().isEmpty()) {
            for (NewUser user : users) {
                User unused = access.accounts().create(Accounts.system(), user);
            }
        }
        Optional<Path> data = data(configuration);
        Optional<InitialPassword> initial =
                FirstStart.administrator(access, configuration.access().adminPassword(), data);
        data.ifPresent(folder -> FirstStart.watchFile(access, folder, opened));
        return initial;
    }

    /** What everybody may fetch from the main connector. */
    static List<Route> routes(AccessControl access, AdminApi api, Reception reception) {
        LoginHandler logins = new LoginHandler(
                reception,
                access.sessions(),
                access::login,
                access.provider(),
                (owner, label) -> access.accounts()
                        .keys()
                        .create(owner, new NewKey(owner.principal(), label, Optional.empty(), Optional.empty()))
                        .text());
        List<Route> routes = new ArrayList<>(logins.routes());
        routes.add(AdminHandler.route(api, reception));
        routes.add(Route.bytes(
                "/.well-known/jwks.json",
                "application/jwk-set+json",
                () -> access.tokens().keys().jwks()));
        return routes;
    }

    /** The data folder, unless everything is in memory. */
    static Optional<Path> data(Configuration configuration) {
        return configuration.metadata().type() == MetadataSettings.Type.MEMORY
                ? Optional.empty()
                : Optional.of(configuration.server().data());
    }
}
