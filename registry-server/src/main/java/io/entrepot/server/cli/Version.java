package io.entrepot.server.cli;

import java.util.Optional;

/** Which release this is, as its jar says; classes that are in no jar are somebody's own build. */
final class Version {
    private Version() {}

    static String text() {
        return Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
                .orElse("development build");
    }
}
