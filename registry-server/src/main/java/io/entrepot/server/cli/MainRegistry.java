package io.entrepot.server.cli;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import org.jspecify.annotations.Nullable;

/** Which registry a command is about, where none was named: the main one, which the server lists first. */
final class MainRegistry {
    private MainRegistry() {}

    static String unless(@Nullable String named, Administrator admin) {
        if (named != null) {
            return named;
        }
        JsonArray registries = Administrator.items(admin.get("/registries"));
        for (JsonElement registry : registries) {
            if (registry instanceof JsonObject object && object.get("name") instanceof JsonPrimitive name) {
                return name.getAsString();
            }
        }
        throw new CommandException(ExitCode.NOT_FOUND, "This server has no registries.");
    }
}
