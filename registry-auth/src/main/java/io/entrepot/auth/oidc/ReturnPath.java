package io.entrepot.auth.oidc;

import io.entrepot.core.ErrorCode;
import io.entrepot.core.RegistryException;
import java.util.List;
import java.util.Locale;

/**
 * Where a browser goes after a login: one of our own pages, whoever asks for it. Nothing in it could be read as the name
 * of another host, by any browser.
 */
public record ReturnPath(String value) {
    private static final List<String> PAGES = List.of("/login/done", "/ui");
    private static final List<String> UPWARDS = List.of("..", "%2e", "//", "%2f", "\\", "%5c");
    private static final int MAX_LENGTH = 1000;

    /** Says who is logged in. After the lists that it is checked against. */
    public static final ReturnPath DONE = new ReturnPath("/login/done");

    /** @throws RegistryException.Invalid if it is none of our pages */
    public ReturnPath {
        String path = value.split("[?#]", 2)[0];
        String lower = path.toLowerCase(Locale.ROOT);
        boolean ours = PAGES.stream().anyMatch(page -> path.equals(page) || path.startsWith(page + "/"));
        boolean plain =
                value.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '\\' && c != '"' && c != '<' && c != '>');
        if (!ours || !plain || value.length() > MAX_LENGTH || UPWARDS.stream().anyMatch(lower::contains)) {
            throw new RegistryException.Invalid(
                    ErrorCode.UNSUPPORTED, "after a login only pages of this server can follow, such as /ui/");
        }
    }
}
