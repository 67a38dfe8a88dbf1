package io.entrepot.auth.oidc;

/** What somebody showed is not to be trusted. The message says why, for the log; it holds nothing secret. */
final class RejectedException extends Exception {
    private static final long serialVersionUID = 1;

    RejectedException(String why) {
        super(why, null, false, false);
    }
}
