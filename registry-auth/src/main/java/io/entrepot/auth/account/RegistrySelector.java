package io.entrepot.auth.account;

import io.entrepot.core.Tag;
import io.entrepot.core.TagPattern;
import io.entrepot.core.access.RegistryId;
import java.util.Arrays;
import java.util.Locale;
import java.util.regex.Pattern;

/** The registries that a privilege is about. Prints itself as {@link PrivilegeNotation} writes it. */
public sealed interface RegistrySelector {
    boolean selects(RegistryId registry);

    /** Reads {@code *}, {@code type=proxy}, or a name in which {@code *} may stand for any characters. */
    static RegistrySelector parse(String text) {
        if (text.equals("*")) {
            return new All();
        }
        if (!text.startsWith("type=")) {
            return new Named(text);
        }
        return Arrays.stream(RegistryId.Kind.values())
                .map(OfKind::new)
                .filter(s -> s.toString().equals(text))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "the type of a registry is hosted, proxy or group: write type=hosted"));
    }

    record All() implements RegistrySelector {
        @Override
        public boolean selects(RegistryId registry) {
            return true;
        }

        @Override
        public String toString() {
            return "*";
        }
    }

    /** All of one kind. */
    record OfKind(RegistryId.Kind kind) implements RegistrySelector {
        @Override
        public boolean selects(RegistryId registry) {
            return registry.kind() == kind;
        }

        @Override
        public String toString() {
            return "type=" + kind.name().toLowerCase(Locale.ROOT);
        }
    }

    /** Those whose name is like this; {@code *} stands for any characters. */
    record Named(String glob) implements RegistrySelector {
        private static final Pattern FORM = Pattern.compile("[A-Za-z0-9_.*?-]{1,128}");

        public Named {
            if (!FORM.matcher(glob).matches() || glob.equals("*")) {
                throw new IllegalArgumentException(
                        "a registry is given by its name, of letters, digits, '.', '_' and '-', in which '*' may stand for"
                                + " any characters");
            }
        }

        /** Whether it can be only one. */
        boolean exact() {
            return glob.indexOf('*') < 0 && glob.indexOf('?') < 0;
        }

        @Override
        public boolean selects(RegistryId registry) {
            return exact() ? glob.equals(registry.name()) : new TagPattern(glob).matches(new Tag(registry.name()));
        }

        @Override
        public String toString() {
            return glob;
        }
    }
}
