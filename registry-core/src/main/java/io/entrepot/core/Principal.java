package io.entrepot.core;

/**
 * Who asks: a name, and the realm that vouches for it. The same name in two realms is two principals.
 *
 * @param realm empty for those that no realm knows
 */
public record Principal(String realm, String name) {
    /** Nobody in particular: no credential was shown. */
    public static final Principal ANONYMOUS = new Principal("", "anonymous");
    /** The program itself, for calls that no request stands behind. */
    public static final Principal INTERNAL = new Principal("", "internal");

    /** The principal as one word, {@code local/alice}: what it owns is bound to this. */
    public String id() {
        return realm.isEmpty() ? name : realm + "/" + name;
    }

    @Override
    public String toString() {
        return id();
    }
}
