package io.entrepot.auth.password;

import java.security.SecureRandom;

/** Makes up passwords that can be read out and typed: {@code k7Qm-2xVd-9LpT-c4Rn}, over 90 bits of chance. */
public final class GeneratedPassword {
    // Without those that are taken for each other: 0 O o, 1 l I i, 5 S s, 8 B.
    private static final String LETTERS = "234679abcdefghjkmnpqrtuvwxyzACDEFGHJKLMNPQRTUVWXYZ";
    private static final int GROUPS = 4;
    private static final int GROUP = 4;

    private GeneratedPassword() {}

    public static String next(SecureRandom random) {
        StringBuilder password = new StringBuilder();
        for (int i = 0; i < GROUPS * GROUP; i++) {
            if (i > 0 && i % GROUP == 0) {
                password.append('-');
            }
            password.append(LETTERS.charAt(random.nextInt(LETTERS.length())));
        }
        return password.toString();
    }
}
