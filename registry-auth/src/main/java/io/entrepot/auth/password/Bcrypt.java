package io.entrepot.auth.password;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What must hold of a bcrypt hash before anybody computes it: its form, and a cost that no line of a file can drive up. */
public final class Bcrypt {
    private static final Pattern FORM = Pattern.compile("\\$2[aby]\\$([0-9]{2})\\$[./A-Za-z0-9]{53}");
    private static final int MAX_COST = 14;

    private Bcrypt() {}

    public static boolean affordable(String hash) {
        Matcher matcher = FORM.matcher(hash);
        return matcher.matches() && Integer.parseInt(matcher.group(1)) <= MAX_COST;
    }
}
