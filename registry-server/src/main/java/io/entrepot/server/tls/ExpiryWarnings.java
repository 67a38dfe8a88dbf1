package io.entrepot.server.tls;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says in the log, some days ahead, that a certificate ends: 30, 14, 7, 3 days and 1 day, each once. One thread uses it. */
final class ExpiryWarnings {
    private static final Logger LOG = LoggerFactory.getLogger(ExpiryWarnings.class);
    private static final int[] DAYS = {1, 3, 7, 14, 30};

    private @Nullable X509Certificate of;
    private int said = Integer.MAX_VALUE;

    /** @param advice completes the sentence with what to do */
    void look(X509Certificate certificate, Instant now, String advice) {
        if (!certificate.equals(of)) {
            of = certificate;
            said = Integer.MAX_VALUE;
        }
        Duration left = Duration.between(now, certificate.getNotAfter().toInstant());
        int step = step(left);
        if (step >= said) {
            return;
        }
        said = step;
        String subject = certificate.getSubjectX500Principal().getName();
        if (left.isNegative()) {
            LOG.error("the certificate {} has ended on {}: clients refuse it; {}", subject, end(certificate), advice);
        } else {
            LOG.warn("the certificate {} ends in {} days, on {}; {}", subject, left.toDays(), end(certificate), advice);
        }
    }

    private static Instant end(X509Certificate certificate) {
        return certificate.getNotAfter().toInstant();
    }

    /** The smallest of the days that are not left any more; 0 if none is left at all. */
    private static int step(Duration left) {
        if (left.isNegative()) {
            return 0;
        }
        for (int days : DAYS) {
            if (left.compareTo(Duration.ofDays(days)) <= 0) {
                return days;
            }
        }
        return Integer.MAX_VALUE;
    }
}
