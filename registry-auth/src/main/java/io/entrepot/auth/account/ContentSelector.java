package io.entrepot.auth.account;

import io.entrepot.core.RepositoryPattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Nexus's content selectors, as far as they are patterns of image names: {@code format == "docker" and path =^
 * "/v2/acme/"}, {@code path =~ "^/v2/acme/.*"}, several of them joined by {@code or}. Nexus's paths begin with {@code
 * /v2/}, and it is what is behind that they tell apart.
 */
final class ContentSelector {
    private static final Pattern FORMAT = Pattern.compile("format *== *([\"'])docker\\1");
    private static final Pattern PATH = Pattern.compile("path *(==|=\\^|=~) *([\"'])(.*)\\2");
    private static final Pattern LITERAL = Pattern.compile("[a-z0-9._/-]*");
    private static final Pattern INSIDE = Pattern.compile("/(manifests|blobs|tags)(/|$)");
    private static final String ROOT = "/v2/";

    private ContentSelector() {}

    /** @throws IllegalArgumentException with a sentence if the expression says anything else */
    static List<RepositoryPattern> names(String expression) {
        List<RepositoryPattern> patterns = new ArrayList<>();
        for (String alternative : expression.strip().split(" +(or|\\|\\|) +", -1)) {
            RepositoryPattern pattern = conjunction(alternative);
            patterns.add(pattern);
            folderItself(pattern).ifPresent(patterns::add);
        }
        return patterns;
    }

    /** The paths of the image {@code acme} begin with {@code /v2/acme/} as those of {@code acme/app} do. */
    private static Optional<RepositoryPattern> folderItself(RepositoryPattern pattern) {
        String glob = pattern.glob();
        return glob.endsWith("/**")
                ? Optional.of(new RepositoryPattern(glob.substring(0, glob.length() - 3)))
                : Optional.empty();
    }

    private static RepositoryPattern conjunction(String text) {
        List<String> paths = new ArrayList<>();
        for (String term : withoutParentheses(text).split(" +(and|&&) +", -1)) {
            if (!FORMAT.matcher(term.strip()).matches()) {
                paths.add(term.strip());
            }
        }
        if (paths.isEmpty()) {
            return RepositoryPattern.ALL;
        }
        if (paths.size() > 1) {
            throw new IllegalArgumentException("of several conditions on one path no single pattern can be made");
        }
        return path(paths.get(0));
    }

    private static String withoutParentheses(String text) {
        String stripped = text.strip();
        return stripped.startsWith("(") && stripped.endsWith(")") && stripped.indexOf('(', 1) < 0
                ? stripped.substring(1, stripped.length() - 1)
                : stripped;
    }

    private static RepositoryPattern path(String term) {
        Matcher matcher = PATH.matcher(term);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "the conditions that are known are format == \"docker\", path =^ \"…\" and path =~ \"…\"");
        }
        String operand = matcher.group(3);
        return switch (matcher.group(1)) {
            case "=^" -> beginning(operand);
            case "=~" -> expression(operand);
            default ->
                throw new IllegalArgumentException(
                        "a path that is equal to a text is one file of Nexus's, not an image: use =^");
        };
    }

    /** Where it ends in the middle of a name, it goes on to any other end of it, as in Nexus. */
    private static RepositoryPattern beginning(String path) {
        if (ROOT.startsWith(path)) {
            return RepositoryPattern.ALL;
        }
        if (!path.startsWith(ROOT) || !LITERAL.matcher(path).matches()) {
            throw new IllegalArgumentException("a path of images begins with /v2/ and goes on with an image's name");
        }
        requireName(path);
        return new RepositoryPattern(path.substring(ROOT.length()) + "**");
    }

    private static void requireName(String path) {
        if (INSIDE.matcher(path).find()) {
            throw new IllegalArgumentException(
                    "it goes on into manifests, blobs or tags, where no privilege can follow");
        }
    }

    private static RepositoryPattern expression(String regex) {
        String path = regex.startsWith("^") ? regex.substring(1) : regex;
        path = path.endsWith("$") ? path.substring(0, path.length() - 1) : path;
        if (path.equals(".*")) {
            return RepositoryPattern.ALL;
        }
        if (!path.startsWith(ROOT)) {
            throw new IllegalArgumentException("a path of images begins with /v2/");
        }
        requireName(path);
        if (!path.endsWith(".*")) {
            throw new IllegalArgumentException("the path of an image goes on behind its name: end it with .*");
        }
        return new RepositoryPattern(glob(path.substring(ROOT.length())));
    }

    /** Only what both can say: literals, {@code .*}, {@code [^/]*} and {@code [^/]+}. */
    private static String glob(String regex) {
        StringBuilder glob = new StringBuilder();
        int i = 0;
        while (i < regex.length()) {
            if (regex.startsWith(".*", i)) {
                glob.append("**");
                i += 2;
            } else if (regex.startsWith("[^/]+", i)) {
                glob.append("?*");
                i += 5;
            } else if (regex.startsWith("[^/]*", i)) {
                glob.append('*');
                i += 5;
            } else if (regex.startsWith("\\.", i) || regex.startsWith("\\-", i)) {
                glob.append(regex.charAt(i + 1));
                i += 2;
            } else if (LITERAL.matcher(regex.substring(i, i + 1)).matches() && regex.charAt(i) != '.') {
                glob.append(regex.charAt(i));
                i++;
            } else {
                throw new IllegalArgumentException(
                        "'" + regex.charAt(i)
                                + "' of a regular expression has no counterpart: write the privilege as ACTIONS:REGISTRY:IMAGES");
            }
        }
        return glob.toString();
    }
}
