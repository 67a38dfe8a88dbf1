package io.entrepot.server.cli;

/** What the process says at its end. Scripts rely on them: none is ever given another meaning. */
final class ExitCode {
    static final int OK = 0;
    static final int FAILED = 1;
    static final int USAGE = 2;
    static final int NOT_FOUND = 3;
    static final int DENIED = 4;
    static final int CONFLICT = 5;
    static final int UNREACHABLE = 6;
    static final int INTERRUPTED = 130;

    private ExitCode() {}
}
