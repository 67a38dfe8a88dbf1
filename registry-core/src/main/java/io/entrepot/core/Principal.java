package io.entrepot.core;

/** Who asks. */
public record Principal(String name) {
    /** Nobody in particular: no credential was shown. */
    public static final Principal ANONYMOUS = new Principal("anonymous");
    /** The program itself, for calls that no request stands behind. */
    public static final Principal INTERNAL = new Principal("internal");
}
