package io.entrepot.server.cli;

import java.io.ByteArrayInputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** A command that was run within this process, and what it said. */
record Ran(int code, String out, String err) {

    static Ran command(String... arguments) {
        return with(Map.of(), "", arguments);
    }

    static Ran with(Map<String, String> environment, String in, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        Surroundings surroundings =
                new Surroundings(environment, new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)));
        int code = Main.run(surroundings, new PrintWriter(out, true), new PrintWriter(err, true), arguments);
        return new Ran(code, out.toString(), err.toString());
    }
}
