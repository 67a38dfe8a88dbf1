package io.entrepot.server.cli;

import java.util.Locale;

/** Numbers of bytes as people read them, in the units of the settings. */
final class Sizes {
    private static final String[] UNITS = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};
    private static final int STEP = 1024;

    private Sizes() {}

    static String of(long bytes) {
        double value = bytes;
        int unit = 0;
        // What would be shown as 1024.0 of one unit is one of the next.
        while (value >= STEP - 0.05 && unit < UNITS.length - 1) {
            value /= STEP;
            unit++;
        }
        return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", value, UNITS[unit]);
    }
}
