package io.entrepot.server.config;

import io.entrepot.core.RepositoryPattern;
import io.entrepot.core.TagPattern;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What one value may be.
 *
 * @param what completes the sentence "it must be …"
 * @param parse answers nothing for a text that is not of this kind
 * @param words all there are, if that can be said
 */
record Kind<T>(String what, Function<String, Optional<T>> parse, Collection<String> words) {
    private static final Pattern SIZE = Pattern.compile("(\\d{1,18}) ?(B|kB|KB|MB|GB|TB|KiB|MiB|GiB|TiB)?");
    private static final Pattern DURATION_FORM = Pattern.compile("(\\d{1,9}) ?(ms|s|m|h|d)");

    static final Kind<Boolean> SWITCH = choice(List.of("true", "false")).to(Boolean::valueOf);

    static final Kind<Integer> PORT = new Kind<>(
            "a port, 1 to 65535, or 0 for any that is free",
            text -> number(text, 0, 65535).map(Long::intValue),
            List.of());

    static final Kind<Path> PATH = new Kind<>("a path", Kind::path, List.of());

    static final Kind<Long> SIZE_BYTES = new Kind<>("a size such as 512 MiB, 200 GB or 1048576", Kind::size, List.of());

    static final Kind<Duration> DURATION_FROM_ZERO =
            new Kind<>("a duration such as 500 ms, 30s, 5m, 24h or 7d", Kind::duration, List.of());

    static final Kind<Duration> DURATION = new Kind<>(
            "a duration of a second or more, such as 30s, 5m, 24h or 7d",
            text -> duration(text).filter(d -> d.toSeconds() >= 1),
            List.of());

    static final Kind<TagPattern> TAG_PATTERN = matching(
                    "a tag, in which * and ? stand for any letters and any letter",
                    "[A-Za-z0-9_*?][A-Za-z0-9_.*?-]{0,127}")
            .to(TagPattern::new);

    static final Kind<RepositoryPattern> REPOSITORY_PATTERN = matching(
                    "a pattern of repository names, in which ** stands for anything and * for anything but /",
                    "[a-z0-9*?][a-z0-9*?._/-]{0,254}")
            .to(RepositoryPattern::new);

    static final Kind<String> ADDRESS =
            matching("an IP address or host name of this machine", "[0-9A-Za-z.:%_-]{1,255}");

    static final Kind<String> TEXT = new Kind<>(
            "a text", text -> text.isBlank() || text.length() > 4096 ? Optional.empty() : Optional.of(text), List.of());

    static final Kind<URI> URL_OR_FILE = new Kind<>("a URL, or the whole path of a file", Kind::urlOrFile, List.of());

    static final Kind<URI> LDAP_URL = matching(
                    "the URL of a directory such as ldaps://ldap.example.org",
                    "ldaps?://[0-9A-Za-z.:_\\[\\]-]{1,255}/?")
            .to(URI::create);

    static final Kind<Integer> COUNT =
            new Kind<>("a number from 1 to 1000", text -> number(text, 1, 1000).map(Long::intValue), List.of());

    /** As clients write it in front of an image's name, without a port. */
    static final Kind<String> HOST = matching(
                    "a host name such as registry.example.com, without a port",
                    "(?=.{1,253}$)[0-9A-Za-z](?:[0-9A-Za-z._-]*[0-9A-Za-z])?")
            .to(host -> host.toLowerCase(Locale.ROOT));

    static final Kind<String> CIDR =
            matching("an address or network such as 10.0.0.0/8 or ::1/128", "[0-9A-Fa-f.:]{2,45}(?:/\\d{1,3})?");

    static final Kind<URI> URL = new Kind<>("a URL such as https://registry.example.com", Kind::url, List.of());

    /** Letters and digits with {@code - _ .} between them: usable in a path, a file name and a variable alike. */
    static final Kind<String> NAME = matching(
            "a name of lower-case letters and digits, with '-', '_' or '.' between them, at most 64",
            "(?=.{1,64}$)[a-z0-9]+(?:[-_.][a-z0-9]+)*");

    static Kind<String> matching(String what, String form) {
        Pattern pattern = Pattern.compile(form);
        return new Kind<>(
                what, t -> Optional.of(t).filter(s -> pattern.matcher(s).matches()), List.of());
    }

    static Kind<String> choice(Collection<String> words) {
        List<String> all = List.copyOf(words);
        String last = all.get(all.size() - 1);
        String what = all.size() == 1 ? last : String.join(", ", all.subList(0, all.size() - 1)) + " or " + last;
        return new Kind<>(what, t -> Optional.of(t).filter(all::contains), all);
    }

    /** The constants by their names in lower case: {@code allow_once}. */
    static <E extends Enum<E>> Kind<E> oneOf(Class<E> type) {
        return choice(Stream.of(type.getEnumConstants()).map(Kind::word).toList())
                .to(t -> Enum.valueOf(type, t.toUpperCase(Locale.ROOT)));
    }

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }

    /**
     * This, or a word that says that there is none.
     *
     * @param meaning completes "it must be (this), or …"
     */
    Kind<Optional<T>> or(String word, String meaning) {
        return new Kind<>(
                what + ", or " + meaning,
                text -> text.equals(word)
                        ? Optional.of(Optional.empty())
                        : parse.apply(text).flatMap(value -> Optional.of(Optional.of(value))),
                List.of(word));
    }

    <R> Kind<R> to(Function<T, R> made) {
        return new Kind<>(what, text -> parse.apply(text).map(made), words);
    }

    private static Optional<Long> number(String text, long min, long max) {
        if (!text.matches("\\d{1,18}")) {
            return Optional.empty();
        }
        return Optional.of(Long.parseLong(text)).filter(n -> n >= min && n <= max);
    }

    private static Optional<Path> path(String text) {
        try {
            return text.isBlank() ? Optional.empty() : Optional.of(Path.of(text));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    private static Optional<URI> urlOrFile(String text) {
        if (text.startsWith("/")) {
            return path(text).map(Path::toUri);
        }
        return text.startsWith("file:/") ? path(text.substring(5)).map(Path::toUri) : url(text);
    }

    private static Optional<URI> url(String text) {
        try {
            URI url = new URI(text);
            boolean usable =
                    ("http".equals(url.getScheme()) || "https".equals(url.getScheme())) && url.getHost() != null;
            return usable ? Optional.of(url) : Optional.empty();
        } catch (URISyntaxException e) {
            return Optional.empty();
        }
    }

    private static Optional<Long> size(String text) {
        Matcher m = SIZE.matcher(text);
        if (!m.matches()) {
            return Optional.empty();
        }
        String unit = m.group(2) == null ? "B" : m.group(2);
        int base = unit.endsWith("iB") ? 1024 : 1000;
        int power = "BKMGT".indexOf(Character.toUpperCase(unit.charAt(0)));
        try {
            long factor = 1;
            for (int i = 0; i < power; i++) {
                factor *= base;
            }
            return Optional.of(Math.multiplyExact(Long.parseLong(m.group(1)), factor));
        } catch (ArithmeticException e) {
            return Optional.empty();
        }
    }

    private static Optional<Duration> duration(String text) {
        if (text.equals("0")) {
            return Optional.of(Duration.ZERO);
        }
        Matcher m = DURATION_FORM.matcher(text);
        if (!m.matches()) {
            return Optional.empty();
        }
        long n = Long.parseLong(m.group(1));
        return Optional.of(
                switch (m.group(2)) {
                    case "ms" -> Duration.ofMillis(n);
                    case "s" -> Duration.ofSeconds(n);
                    case "m" -> Duration.ofMinutes(n);
                    case "h" -> Duration.ofHours(n);
                    default -> Duration.ofDays(n);
                });
    }
}
