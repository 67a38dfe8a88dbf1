package io.entrepot.auth.audit;

/**
 * How much is kept.
 *
 * @param dayBytes refusals are written until a day's file has half of this, other events that change nothing until it has
 *     all of it, and changes always
 * @param days a file is deleted when its day lies farther back
 */
public record AuditLimits(long dayBytes, int days) {
    public static final AuditLimits DEFAULT = new AuditLimits(100L << 20, 90);

    public AuditLimits {
        if (dayBytes < 0 || days < 1) {
            throw new IllegalArgumentException(
                    "an audit log is kept for at least a day, and no file is of negative size");
        }
    }
}
