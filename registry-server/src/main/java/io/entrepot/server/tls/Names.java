package io.entrepot.server.tls;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Host names and IP addresses as a certificate holds them, each in one spelling. */
final class Names {
    private static final int IP = 7;
    private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|\\[?[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*]?");
    private static final Pattern OCTETS = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}");

    private Names() {}

    /** Nothing if it is neither; an address that stands for all of them is neither, too. */
    static Optional<String> normal(String name) {
        String text = name.strip().toLowerCase(Locale.ROOT);
        if (!ADDRESS.matcher(text).matches()) {
            return MachineNames.isDnsName(text) ? Optional.of(text) : Optional.empty();
        }
        if (text.indexOf(':') < 0 && !OCTETS.matcher(text).matches()) {
            return Optional.empty();
        }
        try {
            InetAddress address =
                    InetAddress.getByName(text.indexOf(':') < 0 || text.startsWith("[") ? text : "[" + text + "]");
            return address.isAnyLocalAddress() ? Optional.empty() : Optional.of(MachineNames.literal(address));
        } catch (UnknownHostException e) {
            // Digits and dots, but no address.
            return Optional.empty();
        }
    }

    static boolean isAddress(String normal) {
        return ADDRESS.matcher(normal).matches();
    }

    static Set<String> normal(Collection<String> names) {
        Set<String> all = new LinkedHashSet<>();
        names.forEach(name -> normal(name).ifPresent(all::add));
        return all;
    }

    /** What the certificate is made out for. */
    static Set<String> of(X509Certificate certificate) {
        Set<String> all = new LinkedHashSet<>();
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            if (alternatives == null) {
                return all;
            }
            for (List<?> alternative : alternatives) {
                String name = String.valueOf(alternative.get(1));
                all.add((Integer) alternative.get(0) == IP ? normal(name).orElse(name) : name);
            }
        } catch (CertificateParsingException e) {
            // One whose names cannot be read has none.
            all.clear();
        }
        return all;
    }
}
