package io.entrepot.server.clients;

/** How the clients of a registry are made to trust a certificate authority, each in its way. */
public final class TrustSteps {
    private static final String INTRODUCTION = """
            Clients of ADDRESS have to trust one certificate: CAFILE
            Copy it to the client, or fetch it there and compare its SHA-256 with what entrepot cert show says here:
              curl -kso ca.crt https://ADDRESS/ca.crt && openssl x509 -in ca.crt -noout -sha256 -fingerprint

            """;
    private static final String DOCKER = """
            Docker, on Linux (no restart needed)
              sudo mkdir -p /etc/docker/certs.d/ADDRESS
              sudo cp ca.crt /etc/docker/certs.d/ADDRESS/ca.crt
            Docker Desktop
              mkdir -p ~/.docker/certs.d/ADDRESS && cp ca.crt ~/.docker/certs.d/ADDRESS/   (then restart it)
            """;
    private static final String PODMAN = """
            podman, skopeo, buildah
              sudo mkdir -p /etc/containers/certs.d/ADDRESS
              sudo cp ca.crt /etc/containers/certs.d/ADDRESS/ca.crt
            """;
    private static final String CONTAINERD = """
            containerd, nerdctl, Kubernetes nodes: /etc/containerd/certs.d/ADDRESS/hosts.toml
              server = "https://ADDRESS"
              [host."https://ADDRESS"]
                ca = "/etc/containerd/certs.d/ADDRESS/ca.crt"
            """;
    private static final String K3S = """
            k3s: /etc/rancher/k3s/registries.yaml, then restart k3s
              configs:
                "ADDRESS":
                  tls:
                    ca_file: /etc/rancher/k3s/ca.crt
            """;
    private static final String MACHINE = """
            All programs of a machine (docker, crane, oras, helm, curl, git ...); restart docker afterwards
              Debian, Ubuntu, Alpine: sudo cp ca.crt /usr/local/share/ca-certificates/entrepot.crt && sudo update-ca-certificates
              Fedora, RHEL, SUSE:     sudo cp ca.crt /etc/pki/ca-trust/source/anchors/entrepot.crt && sudo update-ca-trust
              (SUSE:                  sudo cp ca.crt /etc/pki/trust/anchors/entrepot.crt && sudo update-ca-certificates)
              macOS:                  sudo security add-trusted-cert -d -r trustRoot -k /Library/Keychains/System.keychain ca.crt
              Windows (as administrator): certutil -addstore -f Root ca.crt
            """;
    private static final String REST = """
            Java (jib, build tools)
              keytool -importcert -noprompt -cacerts -storepass changeit -alias entrepot -file ca.crt

            Trust ca.crt rather than the server's own certificate (what openssl s_client shows first): that one is
            replaced about once a year, and whoever saved it has to save it anew; ca.crt stays for ten years.
            """;
    private static final String FETCH = """
            Its certificate is signed by an authority of its own. Fetch that one, and compare its SHA-256 with what
            entrepot cert show says on the server:
              curl -kso ca.crt https://ADDRESS/ca.crt && openssl x509 -in ca.crt -noout -sha256 -fingerprint
            """;

    private TrustSteps() {}

    /** @param address host and port as image names begin with it */
    public static String of(String address, String caFile) {
        return filled(INTRODUCTION + DOCKER + PODMAN + CONTAINERD + K3S + "\n" + MACHINE + REST, address)
                .replace("CAFILE", caFile);
    }

    static String fetch(String address) {
        return filled(FETCH, address);
    }

    static String docker(String address) {
        return filled(DOCKER, address);
    }

    static String podman(String address) {
        return filled(PODMAN, address);
    }

    static String machine() {
        return MACHINE;
    }

    private static String filled(String text, String address) {
        return text.replace("ADDRESS", address);
    }
}
