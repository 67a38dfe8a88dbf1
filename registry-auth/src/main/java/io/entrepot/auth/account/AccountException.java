package io.entrepot.auth.account;

/**
 * Why an account was not changed as asked, in a sentence for whoever asked. What he may not do is a {@link
 * io.entrepot.core.RegistryException.Denied} instead.
 */
public final class AccountException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** What can be done about it. */
    public enum Reason {
        /** Mend what was given. */
        INVALID,
        /** There is nobody or nothing of that name. */
        UNKNOWN,
        /** The name is taken. */
        EXISTS,
        /** It would leave the server in a state that is not allowed, such as without an administrator. */
        NOT_ALLOWED
    }

    private final Reason reason;

    public AccountException(Reason reason, String sentence) {
        super(sentence, null, false, false);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    static AccountException unknown(String what, String name) {
        return new AccountException(Reason.UNKNOWN, "there is no " + what + " " + name);
    }
}
