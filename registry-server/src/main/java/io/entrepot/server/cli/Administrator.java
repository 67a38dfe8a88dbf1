package io.entrepot.server.cli;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.entrepot.server.admin.AdminClient;
import io.entrepot.server.admin.Answer;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** One command's talk with a server: asks, prints what was asked for, and says what became of it. */
final class Administrator implements AutoCloseable {
    private final AdminClient client;
    private final PrintWriter out;
    private final PrintWriter err;
    private final boolean json;

    Administrator(AdminClient client, PrintWriter out, PrintWriter err, boolean json) {
        this.client = client;
        this.out = out;
        this.err = err;
        this.json = json;
    }

    /** A name as a component of a path or a value of a query. */
    static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    JsonObject get(String target) {
        return ask("GET", target, "");
    }

    JsonObject delete(String target) {
        return ask("DELETE", target, "");
    }

    JsonObject send(String method, String target, JsonObject body) {
        return ask(method, target, body.toString());
    }

    /** @throws CommandException if it is refused */
    private JsonObject ask(String method, String target, String body) {
        Answer answer;
        try {
            answer = client.ask(method, target, body);
        } catch (IOException e) {
            throw new CommandException(
                    ExitCode.UNREACHABLE, "The server cannot be reached: " + e + ". Does it run, and where?");
        }
        if (answer.good()) {
            return answer.json().isEmpty() ? new JsonObject() : object(answer);
        }
        throw new CommandException(exitCode(answer.status()), Sentences.of(message(answer)));
    }

    /** The entries of a list. */
    static JsonArray items(JsonObject answer) {
        return answer.get("items") instanceof JsonArray items ? items : new JsonArray();
    }

    /** Prints a list, or says on the side that there is nothing. */
    void print(JsonObject list, Table table, String ifEmpty) {
        if (json) {
            document(items(list));
        } else if (items(list).isEmpty()) {
            note(ifEmpty);
        } else {
            out.print(table.of(items(list)));
        }
    }

    void print(JsonObject object) {
        if (json) {
            document(object);
        } else {
            out.print(Table.of(object));
        }
    }

    /** Prints, for people, a text that was made of the answer; what the server has in it has been made safe to print. */
    void print(JsonObject answer, String text) {
        if (json) {
            document(answer);
        } else {
            out.print(text);
        }
    }

    /** And says on the side what it comes to. */
    void print(JsonObject answer, String text, String sentence) {
        print(answer, text);
        if (!json) {
            note(sentence);
        }
    }

    /** Prints something that is there once, alone on its line, for whoever pipes it on; then says what it is. */
    void printSecret(JsonObject answer, String field, String sentence) {
        if (json) {
            document(answer);
        } else if (answer.get(field) instanceof JsonPrimitive secret) {
            out.println(secret.getAsString());
            note(sentence);
        }
    }

    /** What was done: for programs as a document, for people as a sentence. */
    void done(JsonObject answer, String sentence) {
        if (json) {
            document(answer);
        } else {
            note(sentence);
        }
    }

    private void document(JsonElement element) {
        out.println(pretty().toJson(element));
    }

    private static Gson pretty() {
        return new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();
    }

    void note(String sentence) {
        err.println(sentence);
    }

    private static int exitCode(int status) {
        return switch (status) {
            case 400, 413, 415 -> ExitCode.USAGE;
            case 401, 403 -> ExitCode.DENIED;
            case 404 -> ExitCode.NOT_FOUND;
            case 409 -> ExitCode.CONFLICT;
            case 502, 503, 504 -> ExitCode.UNREACHABLE;
            default -> ExitCode.FAILED;
        };
    }

    private static JsonObject object(Answer answer) {
        try {
            return JsonParser.parseString(answer.json()) instanceof JsonObject object ? object : new JsonObject();
        } catch (JsonParseException e) {
            throw new CommandException(
                    ExitCode.FAILED, "What answers is no Entrepot: it said " + answer.status() + " without JSON.");
        }
    }

    private static String message(Answer answer) {
        if (object(answer).get("errors") instanceof JsonArray errors
                && !errors.isEmpty()
                && errors.get(0) instanceof JsonObject error
                && error.get("message") instanceof JsonPrimitive message) {
            return message.getAsString();
        }
        return "the server answered with status " + answer.status();
    }

    @Override
    public void close() {
        out.flush();
        err.flush();
        client.close();
    }
}
