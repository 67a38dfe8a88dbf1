package io.entrepot.server.http;

import io.entrepot.auth.oidc.ReturnPath;
import io.entrepot.auth.oidc.Session;
import java.util.TreeSet;

/** The few plain pages that a browser sees before there is a user interface: no script, and whatever is shown is escaped. */
final class LoginPages {
    private LoginPages() {}

    /** @param sentence what went wrong, if anything did */
    static String login(boolean withProvider, ReturnPath returnTo, String sentence) {
        String goesTo = escape(returnTo.value());
        return page(
                "Log in",
                (sentence.isEmpty() ? "" : "<p><strong>" + escape(sentence) + "</strong></p>\n")
                        + "<form method=\"post\" action=\"/login\">\n"
                        + "<input type=\"hidden\" name=\"return\" value=\"" + goesTo + "\">\n"
                        + "<p><label>Name <input name=\"name\" autocomplete=\"username\" required autofocus></label></p>\n"
                        + "<p><label>Password <input name=\"password\" type=\"password\""
                        + " autocomplete=\"current-password\" required></label></p>\n"
                        + "<p><button>Log in</button></p>\n</form>\n"
                        + (withProvider
                                ? "<p><a href=\"/login/oidc\">Log in with the identity provider</a></p>\n"
                                : ""));
    }

    /** Leads on by itself: a browser that comes from another site shows its session only after this page. */
    static String onwards(ReturnPath to) {
        String target = escape(to.value());
        return page(
                "Logged in",
                "<meta http-equiv=\"refresh\" content=\"0;url=" + target + "\">\n<p>Logged in. <a href=\"" + target
                        + "\">Go on</a></p>\n");
    }

    static String done(Session session) {
        StringBuilder groups = new StringBuilder();
        new TreeSet<>(session.groups())
                .forEach(group -> groups.append("<li>").append(escape(group)).append("</li>\n"));
        return page(
                "Logged in",
                "<p>You are logged in as <strong>" + escape(session.principal().id()) + "</strong>.</p>\n"
                        + (groups.isEmpty() ? "" : "<p>Your groups:</p>\n<ul>\n" + groups + "</ul>\n")
                        + "<p>Docker and other programs log in with an API key in place of a password:</p>\n"
                        + "<form method=\"post\" action=\"/login/key\">\n" + csrf(session)
                        + "<p><label>What it is for <input name=\"label\" maxlength=\"100\" value=\"docker\"></label>\n"
                        + "<button>Make an API key</button></p>\n</form>\n"
                        + "<form method=\"post\" action=\"/login/logout\">\n" + csrf(session)
                        + "<p><button>Log out</button></p>\n</form>\n");
    }

    /** The only page that ever shows this key. */
    static String key(Session session, String host, String secret) {
        return page(
                "A new API key",
                "<p>This is shown once:</p>\n<pre>" + escape(secret)
                        + "</pre>\n<p>Log in with it as password:</p>\n<pre>"
                        + escape("docker login " + host + " -u "
                                + session.principal().name())
                        + "</pre>\n<p><a href=\"/login/done\">Back</a></p>\n");
    }

    static String sentence(String title, String sentence) {
        return page(title, "<p>" + escape(sentence) + "</p>\n<p><a href=\"/login\">Log in</a></p>\n");
    }

    private static String csrf(Session session) {
        return "<input type=\"hidden\" name=\"csrf\" value=\"" + escape(session.csrf()) + "\">\n";
    }

    private static String page(String title, String body) {
        return "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>" + escape(title)
                + " - Entrepot</title></head>\n<body>\n<h1>" + escape(title) + "</h1>\n" + body + "</body>\n</html>\n";
    }

    static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> escaped.appendCodePoint(Character.isISOControl(c) && c != '\n' ? '\ufffd' : c);
            }
        });
        return escaped.toString();
    }
}
