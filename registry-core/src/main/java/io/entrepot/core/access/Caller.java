package io.entrepot.core.access;

import io.entrepot.core.Principal;
import io.entrepot.core.RegistryException;

/**
 * Somebody at the door whose credential was checked.
 *
 * @param rights what he may do by himself, with this credential
 * @param scope what the token that he showed is good for, by the names that clients use on its connector; everything if
 *     he showed none
 */
public record Caller(Principal principal, Proof proof, Rights rights, Access scope) {

    /** For a server that guards nothing. */
    public static final Caller ANYBODY = new Caller(Principal.ANONYMOUS, Proof.OTHER, Rights.ALL, Access.ALL);

    /** The same with whatever token he could have. */
    public Caller withAnyToken() {
        return new Caller(principal, proof, rights, Access.ALL);
    }

    public static Caller anonymous(Rights rights) {
        return new Caller(Principal.ANONYMOUS, Proof.NONE, rights, Access.ALL);
    }

    /**
     * The refusal that makes his client do the right thing: log in, fetch a better token, or show him the sentence. The same
     * whether or not what he asked for exists.
     *
     * @param what completes "may not", such as {@code push to team/app}
     */
    public RegistryException refusal(String what, String detail) {
        return switch (proof) {
            case NONE ->
                new RegistryException.Unauthorized(
                        RegistryException.Unauthorized.Reason.NOBODY,
                        "authentication required: log in with 'docker login' to " + what,
                        detail);
            case TOKEN ->
                new RegistryException.Unauthorized(
                        RegistryException.Unauthorized.Reason.INSUFFICIENT_SCOPE,
                        principal.equals(Principal.ANONYMOUS)
                                ? "authentication required: log in with 'docker login' to " + what
                                : "requested access to the resource is denied: " + principal.name() + " may not "
                                        + what,
                        detail);
            case BASIC, OTHER ->
                new RegistryException.Denied(
                        "requested access to the resource is denied: " + principal.name() + " may not " + what, detail);
        };
    }
}
