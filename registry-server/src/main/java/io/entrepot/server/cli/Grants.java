package io.entrepot.server.cli;

import com.google.gson.JsonObject;

/** Gives and takes roles; {@code user grant} and {@code role grant} are one. */
final class Grants {
    private Grants() {}

    /** @param to a user's name, {@code ldap/alice}, or {@code group:ldap/devs} */
    static void grant(Administrator admin, String role, String to) {
        JsonObject body = new JsonObject();
        body.addProperty("to", to);
        body.addProperty("role", role);
        admin.done(admin.send("POST", "/assignments", body), to + " has the role " + role + ".");
    }

    static void revoke(Administrator admin, String role, String from) {
        JsonObject answer =
                admin.delete("/assignments?to=" + Administrator.encoded(from) + "&role=" + Administrator.encoded(role));
        admin.done(answer, from + " no longer has the role " + role + ".");
    }
}
