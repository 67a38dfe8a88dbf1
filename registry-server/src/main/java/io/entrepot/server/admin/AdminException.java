package io.entrepot.server.admin;

import java.util.Optional;

/** Why a request is not fulfilled, as the answer says it. */
final class AdminException extends RuntimeException {
    private static final long serialVersionUID = 1;

    /** The codes that answers carry, and their status in HTTP. */
    enum Code {
        INVALID(400),
        UNAUTHORIZED(401),
        DENIED(403),
        UNKNOWN(404),
        CONFLICT(409),
        UNAVAILABLE(503);

        private final int status;

        Code(int status) {
            this.status = status;
        }

        int status() {
            return status;
        }
    }

    private final Code code;
    private final transient Optional<String> field;

    AdminException(Code code, String message) {
        this(code, message, Optional.empty());
    }

    private AdminException(Code code, String message, Optional<String> field) {
        super(message, null, false, false);
        this.code = code;
        this.field = field;
    }

    /** Something is wrong with a field of the body or a parameter of the query. */
    static AdminException field(String name, String message) {
        return new AdminException(Code.INVALID, name + ": " + message, Optional.of(name));
    }

    static AdminException unknown(String what) {
        return new AdminException(Code.UNKNOWN, "there is no " + what);
    }

    static AdminException conflict(String message) {
        return new AdminException(Code.CONFLICT, message);
    }

    static AdminException denied(String message) {
        return new AdminException(Code.DENIED, message);
    }

    Code code() {
        return code;
    }

    /** The field or parameter that is wrong. */
    Optional<String> field() {
        return field;
    }
}
