package io.entrepot.server.tls;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The certificate authority of one installation, and the server certificate that it has signed, in a folder that only its
 * owner may enter: {@code ca.crt} (to be handed out), {@code ca.key}, {@code server.pem} (key, certificate and authority) and
 * {@code names} (those that were asked for). Files are replaced whole; any number of processes may use the folder.
 */
public final class OwnAuthority {
    private static final Logger LOG = LoggerFactory.getLogger(OwnAuthority.class);
    private static final Duration RENEWED_BEFORE_END = Duration.ofDays(30);
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FILE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
    private static final FileAttribute<Set<PosixFilePermission>> PRIVATE_FOLDER =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private final Path folder;

    /** @param folder {@code tls} in the data folder; it is made when something is put there */
    public OwnAuthority(Path folder) {
        this.folder = folder;
    }

    /** Where the authority's certificate is, for those who shall trust it. */
    public Path caCertificate() {
        return folder.resolve("ca.crt");
    }

    /** The server's key with its certificate and that of the authority. */
    Path server() {
        return folder.resolve("server.pem");
    }

    private Path caKey() {
        return folder.resolve("ca.key");
    }

    private Path namesFile() {
        return folder.resolve("names");
    }

    /** Whether there is an authority already. */
    public boolean exists() {
        return Files.exists(caCertificate());
    }

    /**
     * Makes what is missing: the authority, or a server certificate that is valid for more than 30 days and holds all names,
     * those of this machine among them. What is good stays as it is.
     *
     * @param names to be remembered besides those of earlier calls
     * @param wanted not remembered, since the settings say them every time
     * @return whether something was made
     */
    public boolean ensure(List<String> names, List<String> wanted, Instant now) throws TlsException {
        return ensure(names, wanted, MachineNames.find(), now);
    }

    boolean ensure(List<String> names, List<String> wanted, MachineNames machine, Instant now) throws TlsException {
        synchronized (OwnAuthority.class) { // within one process; between processes the lock
            return ensureAlone(names, wanted, machine, now);
        }
    }

    private boolean ensureAlone(List<String> names, List<String> wanted, MachineNames machine, Instant now)
            throws TlsException {
        try {
            Files.createDirectories(folder.toAbsolutePath().getParent());
            if (!Files.isDirectory(folder)) {
                Files.createDirectory(folder, attributes(PRIVATE_FOLDER));
            }
            try (FileChannel file = FileChannel.open(
                            folder.resolve(".lock"),
                            Set.of(StandardOpenOption.CREATE, StandardOpenOption.WRITE),
                            attributes(PRIVATE_FILE));
                    FileLock held = file.lock()) {
                return held.isValid() && ensureLocked(names, wanted, machine, now);
            }
        } catch (IOException e) {
            throw new TlsException("no certificate can be made in " + folder + ": " + e, e);
        } catch (GeneralSecurityException e) {
            throw new TlsException("no certificate can be made in " + folder + ": the files there are damaged", e);
        }
    }

    private boolean ensureLocked(List<String> names, List<String> wanted, MachineNames machine, Instant now)
            throws IOException, GeneralSecurityException, TlsException {
        Set<String> remembered = remembered();
        if (remembered.addAll(Names.normal(names))) {
            replace(namesFile(), String.join("\n", remembered) + "\n");
        }
        Set<String> all = new LinkedHashSet<>(remembered);
        all.addAll(Names.normal(wanted));
        all.addAll(Names.normal(machine.lasting()));
        Identity authority = authority(now);
        Optional<Identity> server = readServer();
        String reason =
                server.map(s -> reason(s.leaf(), authority.leaf(), all, now)).orElse("there is none");
        if (reason.isEmpty()) {
            return false;
        }
        all.addAll(Names.normal(machine.passing()));
        Identity made = CertificateMaker.server(authority, new ArrayList<>(all), now);
        StringBuilder text = new StringBuilder(Pem.text(made.key()));
        made.chain().forEach(certificate -> text.append(Pem.text(certificate)));
        replace(server(), text.toString());
        LOG.info(
                "a server certificate was made ({}): valid until {}, for {}; whoever trusts {} trusts it,"
                        + " whoever saved the one before must save it anew",
                reason,
                made.leaf().getNotAfter().toInstant(),
                String.join(", ", all),
                caCertificate());
        return true;
    }

    /** Why a server certificate will not do any more; empty if it will. */
    private static String reason(X509Certificate server, X509Certificate authority, Set<String> names, Instant now) {
        if (!server.getIssuerX500Principal().equals(authority.getSubjectX500Principal())) {
            return "the one there is was signed by another authority";
        }
        if (now.plus(RENEWED_BEFORE_END).isAfter(server.getNotAfter().toInstant())) {
            return "the one there is ends on " + server.getNotAfter().toInstant();
        }
        Set<String> missing = new LinkedHashSet<>(names);
        missing.removeAll(Names.of(server));
        return missing.isEmpty() ? "" : "the one there is lacks " + String.join(", ", missing);
    }

    private Identity authority(Instant now) throws IOException, GeneralSecurityException, TlsException {
        if (exists()) {
            if (!Files.exists(caKey())) {
                throw new TlsException(caKey() + " is missing: without it no certificate can be signed;"
                        + " put it back, or remove " + folder + " and have every client trust a new authority");
            }
            refuseIfOpen(caKey());
            Identity authority = KeyFiles.read(new TlsSource.Pem(caCertificate(), caKey(), Optional.empty()));
            if (now.isAfter(authority.leaf().getNotAfter().toInstant())) {
                throw new TlsException(caCertificate() + " has ended: remove " + folder
                        + ", and have every client trust the new authority");
            }
            return authority;
        }
        Identity made = CertificateMaker.authority(now);
        replace(caKey(), Pem.text(made.key()));
        replace(caCertificate(), Pem.text(made.leaf()));
        LOG.info("a certificate authority was made for this installation: {}", caCertificate());
        return made;
    }

    private Optional<Identity> readServer() throws TlsException {
        return Files.exists(server()) ? Optional.of(identity()) : Optional.empty();
    }

    /** What was made. */
    Identity identity() throws TlsException {
        refuseIfOpen(server());
        return KeyFiles.read(new TlsSource.Pem(server(), server(), Optional.empty()));
    }

    /** The server's certificate. */
    X509Certificate certificate() throws TlsException {
        return identity().leaf();
    }

    /** Nobody but the owner of our own keys may read them. */
    private static void refuseIfOpen(Path key) throws TlsException {
        if (KeyFiles.readableByGroupOrOthers(key)) {
            throw new TlsException(key + " can be read by other users: it may be known to somebody by now;"
                    + " chmod 600 it if you are sure that it is not, else remove the folder and begin anew");
        }
    }

    private Set<String> remembered() throws TlsException {
        return Files.exists(namesFile())
                ? Names.normal(KeyFiles.text(namesFile()).lines().toList())
                : new LinkedHashSet<>();
    }

    /** The whole new file or the old one, also after a crash. */
    private static void replace(Path file, String text) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        try (FileChannel channel = FileChannel.open(
                fresh, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), attributes(PRIVATE_FILE))) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private static FileAttribute<?>[] attributes(FileAttribute<?> posix) {
        boolean known = java.nio.file.FileSystems.getDefault()
                .supportedFileAttributeViews()
                .contains("posix");
        return known ? new FileAttribute<?>[] {posix} : new FileAttribute<?>[0];
    }
}
