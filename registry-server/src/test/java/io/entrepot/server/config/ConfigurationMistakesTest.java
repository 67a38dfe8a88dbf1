package io.entrepot.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every mistake is told in a sentence that says where it is and what would be right. */
class ConfigurationMistakesTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            server: {prot: 5000} | FILE, line 1: server.prot is not a setting; known under server: bind, data, drainDelay, main, port, publicUrl, stopTimeout, tls, trustedProxies; did you mean port?
            sever: {port: 5000} | FILE, line 1: sever is not a setting; known at the top: access, blobStores, logging, metadata, outbound, registries, server, uploads; did you mean server?
            server: {port: 70000} | FILE, line 1: server.port cannot be "70000": it must be a port, 1 to 65535, or 0 for any that is free.
            server: {port: -1} | FILE, line 1: server.port cannot be "-1": it must be a port, 1 to 65535, or 0 for any that is free.
            server: {port: http} | FILE, line 1: server.port cannot be "http": it must be a port, 1 to 65535, or 0 for any that is free.
            server: {port: [1, 2]} | FILE, line 1: server.port must be a port, 1 to 65535, or 0 for any that is free, not a list.
            server: {port: } | FILE, line 1: server.port must be a port, 1 to 65535, or 0 for any that is free, not nothing.
            server: 5000 | FILE, line 1: server must be a group of settings (key: value), not one value.
            server: {bind: [127.0.0.1, {}]} | FILE, line 1: each entry of server.bind must be an IP address or host name of this machine, not a group of settings.
            server: {bind: 'a b'} | FILE, line 1: server.bind cannot be "a b": it must be an IP address or host name of this machine.
            server: {bind: []} | server.bind names no address: without one nobody can connect.
            server: {drainDelay: 5} | FILE, line 1: server.drainDelay cannot be "5": it must be a duration such as 500 ms, 30s, 5m, 24h or 7d.
            uploads: {expireAfter: 0} | FILE, line 1: uploads.expireAfter cannot be "0": it must be a duration of a second or more, such as 30s, 5m, 24h or 7d.
            metadata: {type: sqlit} | FILE, line 1: metadata.type cannot be "sqlit": it must be sqlite or memory; did you mean sqlite?
            metadata: {type: memory} | metadata.type and blobStores.default.type must both be memory, or neither: what one forgets the other must not promise.
            blobStores: {default: {reserve: 1 GiBs}} | FILE, line 1: blobStores.default.reserve cannot be "1 GiBs": it must be a size such as 512 MiB, 200 GB or 1048576.
            registries: {private: {type: hosted, writePolicy: alow}} | FILE, line 1: registries.private.writePolicy cannot be "alow": it must be allow, allow_once or deny; did you mean allow?
            registries: {private: {type: hosted, sparseManifests: yes}} | FILE, line 1: registries.private.sparseManifests cannot be "yes": it must be true or false.
            registries: {private: {type: hosted, redeployTags: 'a/b'}} | FILE, line 1: registries.private.redeployTags cannot be "a/b": it must be a tag, in which * and ? stand for any letters and any letter.
            registries: {private: {}} | FILE, line 1: registries.private.type is missing: it must be hosted, proxy or group.
            registries: {private: } | FILE, line 1: registries.private.type is missing: it must be hosted, proxy or group.
            registries: {private: {type: proxi, remote: x}} | FILE, line 1: registries.private.type cannot be "proxi": it must be hosted, proxy or group; did you mean proxy?
            registries: {Private: {type: hosted}} | FILE, line 1: registries.Private: a name must be a name of lower-case letters and digits, with '-', '_' or '.' between them, at most 64.
            registries: {} | registries is empty: a server needs at least one registry.
            registries: {private: {type: hosted, connectors: {http: 5000}}} | registries.private.connectors.http and server.port are both 5000: every connector needs a port of its own.
            registries: {a: {type: hosted}, b: {type: hosted}} | FILE, line 1: server.main is missing: it must be the name of a registry: a or b.
            registries: {a: {type: hosted, blobStore: other}} | FILE, line 1: registries.a.blobStore cannot be "other": it must be default.
            server: {publicUrl: registry.example} | FILE, line 1: server.publicUrl cannot be "registry.example": it must be a URL such as https://registry.example.com.
            server: {trustedProxies: lan} | FILE, line 1: server.trustedProxies cannot be "lan": it must be an address or network such as 10.0.0.0/8 or ::1/128.
            server: {tls: {certificate: a.pem}} | FILE, line 1: server.tls must be one of: certificate together with key, keyStore, or own: true.
            server: {tls: {own: true, keyStore: a.p12}} | FILE, line 1: server.tls must be one of: certificate together with key, keyStore, or own: true.
            server: {tls: {clientCa: a.pem}} | FILE, line 1: server.tls.clientCa needs a certificate of the server: certificate and key, keyStore, or own: true.
            access: {realms: [tokn]} | FILE, line 1: access.realms cannot be "tokn": it must be token, local, apiKey, htpasswd, ldap, oidc, certificate or workload; did you mean token?
            access: {adminPassword: [secret]} | FILE, line 1: access.adminPassword must be one value, not a list.
            access: {htpasswd: {}} | FILE, line 1: access.htpasswd.file is missing: it must be a path.
            access: {externalTokens: {service: s, issuer: i, jwks: /keys}} | FILE, line 1: access.externalTokens.realm is missing: it must be a URL such as https://registry.example.com.
            access: {externalTokens: {realm: 'https://a.example', service: s, issuer: i}} | FILE, line 1: access.externalTokens must have one of: jwks (a URL or the whole path of a file), or certificates (a file).
            access: {externalTokens: {realm: 'https://a.example', service: s, issuer: i, jwks: keys}} | FILE, line 1: access.externalTokens.jwks cannot be "keys": it must be a URL, or the whole path of a file.
            access: {realms: [local], externalTokens: {realm: 'https://a.example', service: s, issuer: i, jwks: /k}} | FILE, line 1: access.externalTokens needs token among access.realms: without it no token is taken.
            registries: {a: {type: hosted, forceBasicAuth: true, anonymousPull: true}} | FILE, line 1: registries.a has both forceBasicAuth: true and anonymousPull: true, of which one excludes the other.
            registries: {a: {type: hosted, anonymousPull: yes}} | FILE, line 1: registries.a.anonymousPull cannot be "yes": it must be inherit, true or false.
            registries: {a: {type: hosted, connectors: {https: 8443}}} | registries.a.connectors.https needs a certificate: set server.tls, be it only own: true.
            registries: {a: {type: hosted, connectors: {hosts: 'a:5000'}}} | FILE, line 1: registries.a.connectors.hosts cannot be "a:5000": it must be a host name such as registry.example.com, without a port.
            registries: {private: {type: hosted, connectors: {hosts: [a, A]}}} | registries.private.connectors.hosts and registries.private.connectors.hosts both have a: a host name leads to one registry.
            registries: {p: {type: proxy}} | FILE, line 1: registries.p has no remote: say where the registry is that it stands in for, or name a preset that knows.
            registries: {p: {type: proxy, preset: harbor}} | FILE, line 1: registries.p has no remote: say where the registry is that it stands in for, or name a preset that knows.
            registries: {p: {type: proxy, preset: docker}} | FILE, line 1: registries.p.preset cannot be "docker": it must be docker-hub, registry.k8s.io, gcr.io, artifact-registry, quay.io, ghcr.io, mcr.microsoft.com, ecr-public, gitlab, harbor, nexus or artifactory.
            registries: {p: {type: proxy, remote: 'https://u:p@r.example'}} | FILE, line 1: registries.p.remote holds a login: it belongs under credentials.
            registries: {p: {type: proxy, remote: 'https://r.example', tagFreshness: often}} | FILE, line 1: registries.p.tagFreshness cannot be "often": it must be a duration such as 500 ms, 30s, 5m, 24h or 7d, or 0 for none, or forever.
            registries: {p: {type: proxy, remote: 'https://r.example', cacheLimit: much}} | FILE, line 1: registries.p.cacheLimit cannot be "much": it must be a size such as 512 MiB, 200 GB or 1048576, or none if only the limit of the blob store is to count.
            registries: {p: {type: proxy, remote: 'https://r.example', credentials: {user: u}}} | FILE, line 1: registries.p.credentials must be one of: user and password, token, file, or helper.
            registries: {p: {type: proxy, remote: 'https://r.example', anonymousPull: true, credentials: {user: u, password: p}}} | FILE, line 1: registries.p has credentials and lets anybody pull: say by allow which repositories everybody may have with them.
            registries: {p: {type: proxy, remote: 'https://r.example', outbound: none}} | FILE, line 1: registries.p.outbound cannot be "none": it must be inherit or direct.
            outbound: {proxy: 'ftp://x'} | FILE, line 1: outbound.proxy must be an address such as http://10.0.0.1:3128 or socks5://user:password@host:1080.
            registries: {private: {type: group}} | FILE, line 1: registries.private has no members: a group is made of others.
            registries: {registry: {type: group, members: [a]}, a: {type: hosted}, b: {type: group, members: [registri]}} | FILE, line 1: registries.b.members cannot be "registri": it must be registry, a or b; did you mean registry?
            registries: {registry: {type: group, members: [a], writable: b}, a: {type: hosted}, b: {type: hosted}} | FILE, line 1: registries.registry.writable is b, which is not among its members.
            registries: {registry: {type: group, members: [a]}, a: {type: group, members: [registry]}} | registries.registry is a member of itself, by way of registry, a: a group cannot be.
            registries: {registry: {type: group, members: [a], onMemberError: ignore}, a: {type: hosted}} | FILE, line 1: registries.registry.onMemberError cannot be "ignore": it must be strict or skip.
            registries: {p: {type: proxy, remote: 'https://r.example', credentials: {token: t, helper: h}}} | FILE, line 1: registries.p.credentials must be one of: user and password, token, file, or helper.
            registries: {p: {type: proxy, remote: 'https://r.example', credentials: {password: p}}} | FILE, line 1: registries.p.credentials must be one of: user and password, token, file, or helper.
            registries: {p: {type: proxy, remote: 'https://r.example', credentials: {helper: 'a b'}}} | FILE, line 1: registries.p.credentials.helper cannot be "a b": it must be the name of a docker-credential program, such as ecr-login.
            registries: {p: {type: proxy, remote: 'https://r.example', connectors: {mirror: 5001}, credentials: {token: t}}} | FILE, line 1: registries.p has credentials and lets anybody pull: say by allow which repositories everybody may have with them.
            {access: {open: true}, registries: {p: {type: proxy, remote: 'https://r.example', credentials: {token: t}}}} | registries.p lets anybody pull, and registries.p has credentials: say by registries.p.allow which repositories everybody may have with them.
            registries: {registry: {type: group, members: [g], anonymousPull: true}, g: {type: group, members: [p]}, p: {type: proxy, remote: 'https://r.example', credentials: {token: t}}} | registries.registry lets anybody pull, also from its member p, and registries.p has credentials: say by registries.p.allow which repositories everybody may have with them.
            registries: {registry: {type: group, members: [p], connectors: {mirror: 5001}}, p: {type: proxy, remote: 'https://r.example', credentials: {token: t}}} | registries.registry lets anybody pull, also from its member p, and registries.p has credentials: say by registries.p.allow which repositories everybody may have with them.
            registries: {a: {type: hosted, forceBasicAuth: true, connectors: {mirror: 5001}}} | FILE, line 1: registries.a has both forceBasicAuth: true and connectors.mirror, where nobody is asked who he is: one excludes the other.
            registries: {a: {type: hosted, connectors: {mirror: 5000}}} | registries.a.connectors.mirror and server.port are both 5000: every connector needs a port of its own.
            registries: {docker.io: {type: hosted}} | registries.docker.io is hosted, but named like a registry elsewhere, whose images would be looked for in it: it needs another name.
            registries: {p: {type: proxy, remote: 'https://r.example', tls: {key: k.pem}}} | FILE, line 1: registries.p.tls.key needs a certificate: what a key alone is good for, nobody can tell.
            registries: {p: {type: proxy, remote: 'https://r.example', mayReach: [10.0.0.0/33]}} | FILE, line 1: registries.p: not a number from 0 to 32: 10.0.0.0/33.
            registries: {p: {type: proxy, remote: 'https://r.example', mayReach: lan/8}} | FILE, line 1: registries.p: not a host, a .suffix, an address or a network such as 10.0.0.0/8: lan/8.
            registries: {p: {type: proxy, remote: 'https://r.example', connectTimeout: 2h}} | FILE, line 1: registries.p: the connect timeout of an upstream lies between 1 millisecond and an hour.
            registries: {p: {type: proxy, remote: 'https://r.example', userAgent: ä}} | FILE, line 1: registries.p: a user agent's suffix is at most 200 printable ASCII characters.
            registries: {p: {type: proxy, remote: 'https://r.example', transfers: 0}} | FILE, line 1: registries.p.transfers cannot be "0": it must be a number from 1 to 1000.
            registries: {p: {type: proxy, remote: 'https://r.example', notFoundFreshness: forever}} | FILE, line 1: registries.p.notFoundFreshness cannot be "forever": it must be a duration such as 500 ms, 30s, 5m, 24h or 7d.
            registries: {p: {type: proxy, remote: 'https://r.example', index: hub}} | FILE, line 1: registries.p.index cannot be "hub": it must be proxied (the remote registry itself), dockerHub, or a URL.
            registries: {p: {type: proxy, remote: 'https://r.example', allow: [Team/*]}} | FILE, line 1: registries.p.allow cannot be "Team/*": it must be a pattern of repository names, in which ** stands for anything and * for anything but /.
            registries: {p: {type: proxy, remote: 'https://r.example', remoteNamespace: /x}} | FILE, line 1: registries.p.remoteNamespace cannot be "/x": it must be what names of repositories begin with, such as library.
            registries: {p: {type: proxy, remote: 'https://r.example', pinnedRealms: auth.example}} | FILE, line 1: registries.p.pinnedRealms cannot be "auth.example": it must be a URL such as https://registry.example.com.
            registries: {p: {type: proxy, remote: 'https://r.example', online: perhaps}} | FILE, line 1: registries.p.online cannot be "perhaps": it must be true or false.
            registries: {p: {type: proxy, remote: 'https://r.example/?a=b'}} | FILE, line 1: registries.p.remote cannot be "https://r.example/?a=b": it must be the URL of a registry such as https://registry.example.org, without a query or fragment.
            registries: {registry: {type: group, members: [a], routes: {'A/*': [a]}}, a: {type: hosted}} | FILE, line 1: registries.registry.routes.A/*: it must be a pattern of repository names, in which ** stands for anything and * for anything but /.
            registries: {registry: {type: group, members: [a], routes: {'x/**': [b]}}, a: {type: hosted}, b: {type: hosted}} | FILE, line 1: registries.registry.routes.x/** cannot be "b": it must be a; did you mean a?
            registries: {registry: {type: group, members: [registry]}} | registries.registry is a member of itself, by way of registry: a group cannot be.
            outbound: {http: 'http://10.0.0.1:99999'} | FILE, line 1: outbound.http must be an address such as http://10.0.0.1:3128 or socks5://user:password@host:1080.
            outbound: {exclude: lan/8} | FILE, line 1: outbound: not a host, a .suffix, an address or a network such as 10.0.0.0/8: lan/8.
            server: {main: privat} | FILE, line 1: server.main cannot be "privat": it must be the name of a registry: private; did you mean private?
            server: {port: 1, port: 2} | FILE, line 1: the key port stands here a second time.
            [1] | FILE, line 1: the file must hold settings (key: value), not a list.
            server: &a {port: 1} | FILE, line 1: anchors (&) are not supported; write the value again.
            server: !!java.net.URL {port: 1} | FILE, line 1: tags such as tag:yaml.org,2002:java.net.URL are not supported.
            server: {port: "${env:NOT_SET}"} | FILE, line 1: the environment variable NOT_SET, which this value refers to, is not set.
            server: {port: "${port}"} | FILE, line 1: ${port} refers to nothing: it must be ${env:NAME} or ${file:path}, or $${ for a plain ${.
            """)
    void a_mistake_in_the_file(String yaml, String sentence) throws IOException {
        Path file = Files.writeString(folder.resolve("entrepot.yaml"), yaml);

        assertThat(mistakes(Sources.NONE.withFile(file))).containsExactly(sentence.replace("FILE", file.toString()));
    }

    @Test
    void what_is_no_yaml_at_all_is_told_with_its_line() throws IOException {
        Path file = Files.writeString(folder.resolve("entrepot.yaml"), "server:\n  port: 1\n bind: [\n");

        assertThat(mistakes(Sources.NONE.withFile(file)))
                .singleElement()
                .asString()
                .startsWith(file + ", line 3: this is not YAML: ");
    }

    @Test
    void a_file_that_is_missing() {
        Path file = folder.resolve("nowhere.yaml");

        assertThat(mistakes(Sources.NONE.withFile(file)))
                .containsExactly("The configuration file " + file + " does not exist.");
    }

    @Test
    void all_mistakes_are_told_at_once() throws IOException {
        Path file = Files.writeString(folder.resolve("entrepot.yaml"), "server:\n  port: x\n  pirt: 1\n");

        assertThat(mistakes(Sources.NONE.withFile(file).with("logging.level", "loud", "--set logging.level")))
                .containsExactly(
                        file
                                + ", line 2: server.port cannot be \"x\": it must be a port, 1 to 65535, or 0 for any that is free.",
                        "--set logging.level: logging.level cannot be \"loud\": it must be error, warn, info or debug.",
                        file + ", line 3: server.pirt is not a setting; known under server:"
                                + " bind, data, drainDelay, main, port, publicUrl, stopTimeout, tls, trustedProxies; did you mean port?");
    }

    @Test
    void a_flag_for_no_setting() {
        assertThat(mistakes(Sources.NONE.with("registries.private.sparseManifest", "true", "--set")))
                .containsExactly("--set: registries.private.sparseManifest is not a setting;"
                        + " did you mean registries.private.sparseManifests?");
    }

    @Test
    void a_variable_for_no_setting() {
        assertThat(mistakes(environment(Map.of("ENTREPOT_SERVER_PROT", "1"))))
                .containsExactly(
                        "the environment: ENTREPOT_SERVER_PROT is not a setting; did you mean ENTREPOT_SERVER_PORT?");
    }

    @Test
    void a_variable_whose_file_is_missing() {
        assertThat(mistakes(environment(Map.of("ENTREPOT_SERVER_PORT_FILE", "/nowhere/port"))))
                .containsExactly("ENTREPOT_SERVER_PORT_FILE: the file /nowhere/port, which this value refers to,"
                        + " cannot be read.");
    }

    @Test
    void what_somebody_wrote_cannot_break_out_of_the_sentence() {
        assertThat(mistakes(Sources.NONE.with("server.port", "1\n\u001b[2J" + "9".repeat(500), "--port")))
                .singleElement()
                .asString()
                .doesNotContain("\n", "\u001b")
                .hasSizeLessThan(250);
    }

    private static Sources environment(Map<String, String> variables) {
        return new Sources(List.of(), variables, Optional.empty());
    }

    private static List<String> mistakes(Sources sources) {
        return catchThrowableOfType(ConfigurationException.class, () -> Configuration.read(sources))
                .problems();
    }
}
