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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
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
    private final String file;

    /** @param name what stands behind {@code docker-credential-} */
    public HelperCredentials(String name) {
        this(name, "docker-credential-" + name);
    }

    /** @param file where the program is */
    HelperCredentials(String name, String file) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("not the name of a docker-credential program: " + name);
        }
        this.program = "docker-credential-" + name;
        this.file = file;
    }

    /** @throws RegistryException.Unavailable if it cannot be started, fails, or takes more than ten seconds */
    @Override
    public Optional<Credential> credential(URI registry, boolean refresh) {
        String hub = FileCredentials.hub(registry);
        try {
            Process process = new ProcessBuilder(file, "get")
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            try {
                ask(process, hub.isEmpty() ? registry.getRawAuthority() : hub);
                return Optional.of(answer(process));
            } finally {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            // What it says of the program is of use; of a secret it knows nothing.
            throw unavailable(program + " could not be asked: is it installed?", e);
        }
    }

    /** Some know what to say without having read the question to its end. */
    private static void ask(Process process, String server) {
        try (OutputStream in = process.getOutputStream()) {
            in.write(server.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // Then its answer decides.
            return;
        }
    }

    private Credential answer(Process process) {
        byte[] bytes = output(process);
        JsonObject json = parsed(new String(bytes, StandardCharsets.UTF_8));
        String user = FileCredentials.text(json.get("Username"));
        String secret = FileCredentials.text(json.get("Secret"));
        if (user.isEmpty() || secret.isEmpty()) {
            throw none();
        }
        return user.equals("<token>") ? new Credential.IdentityToken(secret) : new Credential.Password(user, secret);
    }

    /** What it started may hold the other end open although it has ended itself: nobody waits for that. */
    private byte[] output(Process process) {
        FutureTask<byte[]> reading =
                new FutureTask<>(() -> process.getInputStream().readNBytes(MOST_BYTES));
        Thread reader = new Thread(reading, program);
        reader.setDaemon(true);
        reader.start();
        try {
            return reading.get(SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            throw unavailable(program + " did not answer in " + SECONDS + " seconds", null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unavailable(program + " was asked by somebody who did not wait for its answer", null);
        } catch (ExecutionException e) {
            throw unavailable(program + " could not be heard", e.getCause());
        }
    }

    private JsonObject parsed(String text) {
        try {
            return JsonParser.parseString(text).getAsJsonObject();
        } catch (JsonParseException | IllegalStateException e) {
            // What it said may hold the secret.
            throw none();
        }
    }

    private RegistryException none() {
        return unavailable(program + " gave no credential for this registry", null);
    }

    private static RegistryException unavailable(String message, @Nullable Throwable cause) {
        return new RegistryException.Unavailable(ErrorCode.UNAVAILABLE, message, Optional.empty(), cause);
    }

    @Override
    public String toString() {
        return program;
    }
}
