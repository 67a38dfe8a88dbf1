package io.entrepot.proxy.remote;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import io.entrepot.core.ErrorCode;
import io.entrepot.core.RegistryException;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A credential in a file, read anew whenever it is asked for, so that whoever replaces the file need tell nobody: {@code
 * user:password} in one line, or a {@code config.json} as {@code docker login} writes it.
 */
public final class FileCredentials implements CredentialProvider {
    private static final int MOST_BYTES = 1 << 20;
    private static final Pattern PORT = Pattern.compile(":\\d+$");

    private final Path file;

    public FileCredentials(Path file) {
        this.file = file;
    }

    /** @throws RegistryException.Unavailable if it cannot be read, or holds nothing for this registry */
    @Override
    public Optional<Credential> credential(URI registry, boolean refresh) {
        String text = text().strip();
        Optional<Credential> found = text.startsWith("{") ? of(parsed(text), registry) : password(text);
        return Optional.of(
                found.orElseThrow(() -> unavailable("the file of credentials holds none for " + host(registry), null)));
    }

    private String text() {
        try {
            if (Files.size(file) > MOST_BYTES) {
                throw unavailable("the file of credentials is too long to be one", null);
            }
            return Files.readString(file);
        } catch (IOException e) {
            throw unavailable("the file of credentials cannot be read", e);
        }
    }

    private static JsonObject parsed(String text) {
        try {
            return JsonParser.parseString(text).getAsJsonObject();
        } catch (JsonParseException | IllegalStateException e) {
            // Its message may quote what is secret.
            throw unavailable("the file of credentials is neither user:password nor JSON", null);
        }
    }

    private static Optional<Credential> of(JsonObject config, URI registry) {
        JsonObject auths = object(config.get("auths"));
        String authority = registry.getRawAuthority();
        for (String key : List.of(
                authority, host(registry), "https://" + authority, "https://" + authority + "/v2/", hub(registry))) {
            JsonObject entry = object(auths.get(key));
            String identity = text(entry.get("identitytoken"));
            if (!identity.isEmpty()) {
                return Optional.of(new Credential.IdentityToken(identity));
            }
            String pair = text(entry.get("auth"));
            if (!pair.isEmpty()) {
                return password(decoded(pair));
            }
        }
        return Optional.empty();
    }

    /** The JDK knows none that has an underscore in it. */
    private static String host(URI registry) {
        return PORT.matcher(registry.getRawAuthority()).replaceFirst("");
    }

    /** Docker's own name for its registry, from the days of version 1; empty for all others. */
    static String hub(URI registry) {
        return RootUrl.isDockerHub(registry) ? "https://index.docker.io/v1/" : "";
    }

    private static String decoded(String base64) {
        try {
            return new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return "";
        }
    }

    /** Empty if it is none. */
    static String text(@Nullable JsonElement element) {
        return element instanceof JsonPrimitive text && text.isString() ? text.getAsString() : "";
    }

    private static JsonObject object(@Nullable JsonElement element) {
        return element instanceof JsonObject object ? object : new JsonObject();
    }

    private static Optional<Credential> password(String text) {
        int colon = text.indexOf(':');
        return colon < 1
                ? Optional.empty()
                : Optional.of(new Credential.Password(text.substring(0, colon), text.substring(colon + 1)));
    }

    private static RegistryException unavailable(String message, @Nullable Throwable cause) {
        return new RegistryException.Unavailable(ErrorCode.UNAVAILABLE, message, Optional.empty(), cause);
    }

    @Override
    public String toString() {
        return "credentials in " + file;
    }
}
