package io.entrepot.auth.realm;

import com.google.common.hash.Hashing;
import io.entrepot.auth.account.Identity;
import io.entrepot.core.Principal;
import io.entrepot.core.access.Credentials;
import io.entrepot.core.access.Visit;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;

/**
 * Client certificates. That the certificate is good and its key was shown has been proved by the TLS handshake, which may
 * be long ago; here it is told whom it names, as long as it lasts. It has to name exactly one.
 */
public final class CertificateRealm implements Realm {
    private static final int MAX_NAME = 200;
    private static final int SAN_EMAIL = 1;
    private static final int SAN_DNS = 2;
    private static final int SAN_URI = 6;

    /** Where in the certificate the name stands. */
    public enum Source {
        SUBJECT_CN,
        SAN_EMAIL,
        SAN_DNS,
        SAN_URI
    }

    private final Source source;
    private final String of;
    private final InstantSource clock;

    /**
     * @param of the realm whose principals these are: {@code certificate}, or {@code local} if certificates are one more
     *     way to log in for users of this server
     */
    public CertificateRealm(Source source, String of, InstantSource clock) {
        this.source = source;
        this.of = of;
        this.clock = clock;
    }

    @Override
    public String name() {
        return "certificate";
    }

    @Override
    public Verdict judge(Credentials credentials, Visit visit) {
        if (!(credentials instanceof Credentials.Certificate shown)) {
            return new Verdict.NotMine();
        }
        X509Certificate certificate = shown.chain().get(0);
        if (!clock.instant().isBefore(certificate.getNotAfter().toInstant())) {
            return new Verdict.Wrong("it has expired");
        }
        try {
            List<String> names = names(certificate);
            if (names.size() != 1) {
                return new Verdict.Wrong("its " + source + " names " + names.size() + ", not one");
            }
            return judge(certificate, names.get(0));
        } catch (CertificateException | InvalidNameException e) {
            return new Verdict.Wrong("its " + source + " cannot be read: " + e.getMessage());
        }
    }

    private Verdict judge(X509Certificate certificate, String named) throws CertificateException {
        String name = named.strip().toLowerCase(Locale.ROOT);
        if (name.isEmpty() || name.length() > MAX_NAME || name.chars().anyMatch(Character::isISOControl)) {
            return new Verdict.Wrong("its " + source + " is no name");
        }
        String id = "cert:"
                + Hashing.sha256()
                        .hashBytes(certificate.getEncoded())
                        .toString()
                        .substring(0, 16);
        return new Verdict.Recognised(
                new Identity(new Principal(of, name), Set.of(), Optional.empty(), Optional.of(id)),
                OptionalLong.empty(),
                certificate.getNotAfter().toInstant());
    }

    private List<String> names(X509Certificate certificate) throws CertificateException, InvalidNameException {
        return switch (source) {
            case SUBJECT_CN -> commonNames(certificate);
            case SAN_EMAIL -> alternativeNames(certificate, SAN_EMAIL);
            case SAN_DNS -> alternativeNames(certificate, SAN_DNS);
            case SAN_URI -> alternativeNames(certificate, SAN_URI);
        };
    }

    private static List<String> commonNames(X509Certificate certificate) throws InvalidNameException {
        List<String> names = new ArrayList<>();
        for (Rdn rdn : new LdapName(certificate.getSubjectX500Principal().getName()).getRdns()) {
            if (rdn.getType().equalsIgnoreCase("CN") && rdn.getValue() instanceof String name) {
                names.add(name);
            }
        }
        return names;
    }

    private static List<String> alternativeNames(X509Certificate certificate, int kind) throws CertificateException {
        Collection<List<?>> all = certificate.getSubjectAlternativeNames();
        List<String> names = new ArrayList<>();
        for (List<?> one : all == null ? List.<List<?>>of() : all) {
            if (Integer.valueOf(kind).equals(one.get(0)) && one.get(1) instanceof String name) {
                names.add(name);
            }
        }
        return names;
    }
}
