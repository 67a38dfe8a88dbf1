package io.entrepot.auth.realm;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Over OpenLDAP's slapd, where it is installed as Debian does. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SlapdTest extends LdapContract {
    private static final Path PROGRAM = Path.of("/usr/sbin/slapd");
    private static final Path SCHEMAS = Path.of("/etc/ldap/schema");
    private static final String ROOT = "cn=admin," + SUFFIX;

    private final Path data;
    private int plainPort;
    private int securePort;
    private Path ca = Path.of("");
    private @Nullable Process slapd;

    SlapdTest(@TempDir Path data) {
        this.data = data;
    }

    @BeforeAll
    void start() throws Exception {
        assumeTrue(
                Files.isExecutable(PROGRAM) && Files.isDirectory(SCHEMAS),
                "there is no slapd here: install the package slapd");
        KeyStore key = Keytool.key(data, "CN=slapd", "san=ip:127.0.0.1");
        ca = Keytool.certificatePem(data, key);
        Path config = Files.writeString(data.resolve("slapd.conf"), config(Keytool.keyPem(data, key)));
        Files.createDirectory(data.resolve("db"));
        plainPort = freePort();
        securePort = freePort();
        slapd = new ProcessBuilder(
                        PROGRAM.toString(),
                        "-h",
                        plain() + "/ " + secure() + "/",
                        "-f",
                        config.toString(),
                        "-d",
                        "none")
                .redirectErrorStream(true)
                .redirectOutput(data.resolve("slapd.log").toFile())
                .start();
        try (LDAPConnection administrator = awaited()) {
            for (String[] entry : ENTRIES) {
                administrator.add(entry);
            }
        }
    }

    @AfterAll
    void end() throws InterruptedException {
        Process running = slapd;
        if (running != null) {
            running.destroy();
            running.waitFor(10, TimeUnit.SECONDS);
        }
    }

    private String config(Path key) {
        StringBuilder config = new StringBuilder();
        for (String schema : new String[] {"core", "cosine", "nis", "inetorgperson"}) {
            config.append("include ")
                    .append(SCHEMAS.resolve(schema + ".schema"))
                    .append('\n');
        }
        return config + """
                modulepath /usr/lib/ldap
                moduleload back_mdb
                moduleload memberof
                pidfile %1$s/slapd.pid
                argsfile %1$s/slapd.args
                TLSCertificateFile %2$s
                TLSCertificateKeyFile %3$s
                TLSVerifyClient never
                database mdb
                suffix "%4$s"
                rootdn "%5$s"
                rootpw root
                directory %1$s/db
                overlay memberof
                access to attrs=userPassword by anonymous auth by * none
                access to * by dn.exact="%6$s" read by * none
                """.formatted(data, ca, key, SUFFIX, ROOT, READER);
    }

    private LDAPConnection awaited() throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (true) {
            try {
                return administrator();
            } catch (LDAPException e) {
                if (System.nanoTime() > deadline) {
                    throw new IOException(Files.readString(data.resolve("slapd.log"), UTF_8), e);
                }
                Thread.sleep(50);
            }
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            return socket.getLocalPort();
        }
    }

    @Override
    URI plain() {
        return URI.create("ldap://127.0.0.1:" + plainPort);
    }

    @Override
    URI secure() {
        return URI.create("ldaps://127.0.0.1:" + securePort);
    }

    @Override
    Path ca() {
        return ca;
    }

    @Override
    LDAPConnection administrator() throws Exception {
        return new LDAPConnection("127.0.0.1", plainPort, ROOT, "root");
    }
}
