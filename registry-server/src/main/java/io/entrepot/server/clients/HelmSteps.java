package io.entrepot.server.clients;

/** What Helm has to be told. */
final class HelmSteps {
    private HelmSteps() {}

    static String of(ClientFacts facts) {
        StringBuilder text = new StringBuilder("""
                Helm 3.8 or newer, for PREFIX
                  helm registry login ADDRESS -u USEROPTION
                  helm push CHART-1.0.0.tgz oci://PREFIX/chartsOPTION
                  helm install RELEASE oci://PREFIX/charts/CHART --version 1.0.0OPTION
                """);
        if (facts.http()) {
            text.append("It speaks HTTP, which --plain-http says; Helm 3.19 knows that in each of its commands.\n");
        }
        if (facts.ownAuthority()) {
            text.append(TrustSteps.fetch(facts.address()));
        }
        return text.toString()
                .replace("OPTION", facts.http() ? " --plain-http" : facts.ownAuthority() ? " --ca-file ca.crt" : "")
                .replace("PREFIX", facts.prefix())
                .replace("ADDRESS", facts.address());
    }
}
