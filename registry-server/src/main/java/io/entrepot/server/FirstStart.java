package io.entrepot.server;

import io.entrepot.auth.AccessControl;
import io.entrepot.auth.account.AccountException;
import io.entrepot.auth.account.Accounts;
import io.entrepot.auth.account.BuiltIn;
import io.entrepot.auth.account.NewUser;
import io.entrepot.auth.account.User;
import io.entrepot.auth.password.GeneratedPassword;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;

/**
 * Makes an administrator where there is nobody at all: by the password that the settings give, or by one that is made up,
 * which stands in a file until it is changed. There is no password that two installations have by themselves.
 */
final class FirstStart {
    static final String ADMINISTRATOR = "admin";

    private static final Duration LOOK = Duration.ofSeconds(2);

    private FirstStart() {}

    /** Deletes the file of the password that was made up as soon as that is no longer the administrator's. */
    static void watchFile(AccessControl access, Path data, Opened opened) {
        if (!Files.exists(data.resolve(InitialPassword.NAME))) {
            return;
        }
        Optional<String> first = hash(access);
        if (!InitialPassword.isStill(data, first)) {
            InitialPassword.forget(data);
            return;
        }
        Housekeeper housekeeper = opened.add(new Housekeeper());
        housekeeper.every(LOOK, () -> {
            if (!hash(access).equals(first)) {
                InitialPassword.forget(data);
            }
        });
    }

    /** Deletes that file if what stands in it is no longer the administrator's password. */
    static void forgetOld(AccessControl access, Path data) {
        if (Files.exists(data.resolve(InitialPassword.NAME)) && !InitialPassword.isStill(data, hash(access))) {
            InitialPassword.forget(data);
        }
    }

    private static Optional<String> hash(AccessControl access) {
        return access.directory().user(ADMINISTRATOR).flatMap(User::passwordHash);
    }

    /**
     * @param data the data folder, unless everything is in memory
     * @return the password, if it was made up now
     * @throws StartException if the password that was given is none to be taken, or the file cannot be written
     */
    static Optional<InitialPassword> administrator(AccessControl access, Optional<String> given, Optional<Path> data) {
        if (!access.directory().users().isEmpty()) {
            return Optional.empty();
        }
        if (given.isPresent()) {
            create(access, given.get());
            return Optional.empty();
        }
        String password = GeneratedPassword.next(new SecureRandom());
        // First the file: an administrator whose password nobody has seen could not be helped.
        InitialPassword initial = InitialPassword.write(password, data);
        create(access, password);
        return Optional.of(initial);
    }

    private static void create(AccessControl access, String password) {
        try {
            User unused = access.accounts()
                    .create(Accounts.system(), NewUser.person(ADMINISTRATOR, password, Set.of(BuiltIn.ADMIN)));
        } catch (AccountException e) {
            if (e.reason() != AccountException.Reason.EXISTS) {
                throw new StartException("The administrator cannot be made: " + e.getMessage(), e);
            }
            // Another process of this installation was faster.
        }
    }
}
