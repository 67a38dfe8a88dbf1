package io.entrepot.proxy.remote;

import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.entrepot.core.ErrorCode;
import io.entrepot.core.RegistryException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A credential that a {@code docker-credential-…} program gives, by the protocol of Docker's credential helpers: the registry
 * goes in, a user and a secret come out. The one place where another program is started: its name is set by the
 * administrator, and no shell is between.
 */
public final class HelperCredentials implements CredentialProvider {
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");
    private static final int MOST_BYTES = 64 << 10;
    private static final long SECONDS = 10;

    private final String program;

    /** @param name what stands behind {@code docker-credential-} */
    public HelperCredentials(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("not the name of a docker-credential program: " + name);
        }
        this.program = "docker-credential-" + name;
    }

    /** @throws RegistryException.Unavailable if it cannot be started, fails, or takes more than ten seconds */
    @Override
    public Optional<Credential> credential(URI registry, boolean refresh) {
        try {
            Process process = new ProcessBuilder(program, "get")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try (OutputStream in = process.getOutputStream()) {
                in.write(registry.getRawAuthority().getBytes(StandardCharsets.UTF_8));
            }
            return Optional.of(answer(process));
        } catch (IOException e) {
            throw unavailable(program + " could not be asked: is it installed?", e);
        }
    }

    private Credential answer(Process process) throws IOException {
        // Whoever writes nothing and does not end is ended, so that reading ends too.
        CompletableFuture<Process> unused = process.onExit()
                .orTimeout(SECONDS, TimeUnit.SECONDS)
                .whenComplete((ended, late) -> {
                    if (late != null) {
                        process.destroyForcibly();
                    }
                });
        byte[] bytes = process.getInputStream().readNBytes(MOST_BYTES);
        process.destroy();
        try {
            JsonObject json = JsonParser.parseString(new String(bytes, StandardCharsets.UTF_8))
                    .getAsJsonObject();
            String user = json.get("Username").getAsString();
            String secret = json.get("Secret").getAsString();
            return user.equals("<token>")
                    ? new Credential.IdentityToken(secret)
                    : new Credential.Password(user, secret);
        } catch (JsonParseException | IllegalStateException | NullPointerException e) {
            // What it said may hold the secret.
            throw unavailable(program + " gave no credential for this registry", null);
        }
    }

    private static RegistryException unavailable(String message, @Nullable Throwable cause) {
        return new RegistryException.Unavailable(ErrorCode.UNAVAILABLE, message, Optional.empty(), cause);
    }

    @Override
    public String toString() {
        return program;
    }
}
