package io.entrepot.server.cli;

import io.entrepot.server.ServerTls;
import io.entrepot.server.clients.TrustSteps;
import io.entrepot.server.config.Configuration;
import io.entrepot.server.tls.OwnAuthority;
import io.entrepot.server.tls.Tls;
import io.entrepot.server.tls.TlsException;
import io.entrepot.server.tls.TlsOptions;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code entrepot cert}: the server's certificate. It works on files only, whether or not a server runs. */
@Command(
        description = "Makes or shows the server's certificate, and says how clients trust it.",
        synopsisSubcommandLabel = "COMMAND")
final class CertCommand implements Runnable {
    private final Map<String, String> environment;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before it runs the command
    private CommandSpec spec;

    CertCommand(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public void run() {
        throw new ParameterException(
                spec.commandLine(), "Say what to do: entrepot cert init, entrepot cert show, or entrepot cert trust.");
    }

    @Command(
            description =
                    "Makes a certificate authority and a certificate in the data folder, as far as they are missing."
                            + " A server that runs with server.tls.own takes the new one by itself.")
    int init(
            @Mixin SettingOptions options,
            @Option(
                            names = "--name",
                            paramLabel = "NAME",
                            description = "a host name or an address besides those of this machine; may be repeated")
                    List<String> names) {
        return printing(out -> {
            Configuration configuration = Configuration.read(options.sources(environment));
            OwnAuthority authority = authority(configuration);
            List<String> more = Optional.ofNullable(names).orElse(List.of());
            boolean made = authority.ensure(more, ServerTls.names(configuration), Instant.now());
            out.println(made ? "A certificate was made." : "The certificate is good as it is.");
            describe(out, Tls.chain(own(configuration)));
            if (configuration.server().tls().isEmpty()) {
                out.println("To use it, set server.tls.own: true (ENTREPOT_SERVER_TLS_OWN=true).");
            }
            out.println("Clients have to trust " + authority.caCertificate() + "; entrepot cert trust says how.");
        });
    }

    @Command(description = "Shows the certificate: its names, who signed it, how long it is valid, its fingerprints.")
    int show(@Mixin SettingOptions options) {
        return printing(out -> {
            Configuration configuration = Configuration.read(options.sources(environment));
            describe(out, Tls.chain(ServerTls.options(configuration).orElse(own(configuration))));
        });
    }

    @Command(description = "Says how each kind of client is made to trust the certificate.")
    int trust(@Mixin SettingOptions options) {
        return printing(out -> {
            Configuration configuration = Configuration.read(options.sources(environment));
            TlsOptions used = ServerTls.options(configuration).orElse(own(configuration));
            List<X509Certificate> chain = Tls.chain(used);
            Path ca = used.equals(own(configuration))
                            || ServerTls.options(configuration).isEmpty()
                    ? authority(configuration).caCertificate()
                    : Path.of("ca.crt");
            out.print(TrustSteps.of(address(configuration, chain.get(0)), ca.toString()));
        });
    }

    private static OwnAuthority authority(Configuration configuration) {
        return new OwnAuthority(configuration.server().data().resolve("tls"));
    }

    private static TlsOptions own(Configuration configuration) {
        return TlsOptions.own(configuration.server().data(), ServerTls.names(configuration));
    }

    /** As image names begin: the public URL's host and port, else the first name in the certificate. */
    private static String address(Configuration configuration, X509Certificate certificate) {
        Optional<URI> url = configuration.server().publicUrl();
        if (url.isPresent()) {
            return url.get().getRawAuthority();
        }
        String name = Tls.names(certificate).stream()
                .filter(n -> !n.equals("localhost") && !n.startsWith("127.") && n.indexOf(':') < 0)
                .findFirst()
                .orElse("localhost");
        return name + ":" + configuration.server().port();
    }

    private static void describe(PrintWriter out, List<X509Certificate> chain) {
        for (X509Certificate certificate : chain) {
            Instant end = certificate.getNotAfter().toInstant();
            out.println("Certificate  " + certificate.getSubjectX500Principal().getName());
            if (!Tls.names(certificate).isEmpty()) {
                out.println("  names      " + String.join(", ", Tls.names(certificate)));
            }
            out.println("  signed by  " + certificate.getIssuerX500Principal().getName());
            out.println("  valid      " + certificate.getNotBefore().toInstant() + " to " + end + " ("
                    + Instant.now().until(end, ChronoUnit.DAYS) + " days left)");
            out.println("  SHA-256    " + fingerprint(certificate));
        }
    }

    private static String fingerprint(X509Certificate certificate) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
            return HexFormat.ofDelimiter(":").formatHex(hash).toUpperCase(Locale.ROOT);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("SHA-256 is part of every Java", e);
        }
    }

    /** What may fail with a sentence for the user. */
    private interface Printing {
        void to(PrintWriter out) throws TlsException;
    }

    private int printing(Printing text) {
        try {
            text.to(spec.commandLine().getOut());
            spec.commandLine().getOut().flush();
            return ExitCode.OK;
        } catch (TlsException e) {
            spec.commandLine().getErr().println(e.getMessage() + ".");
            return ExitCode.FAILED;
        }
    }
}
