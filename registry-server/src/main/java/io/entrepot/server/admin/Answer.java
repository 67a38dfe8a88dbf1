package io.entrepot.server.admin;

/**
 * What the administration says.
 *
 * @param status of HTTP
 * @param json nothing at all for 204
 * @param allow the methods that there are, where another one was asked for
 */
public record Answer(int status, String json, String allow) {
    static final Answer DONE = new Answer(204, "");

    public Answer(int status, String json) {
        this(status, json, "");
    }

    public boolean good() {
        return status >= 200 && status < 300;
    }

    /** Some answers hold a secret, once. */
    @Override
    public String toString() {
        return Integer.toString(status);
    }
}
