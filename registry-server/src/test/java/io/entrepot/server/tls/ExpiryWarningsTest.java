package io.entrepot.server.tls;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class ExpiryWarningsTest {
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private final Logger logger = (Logger) LoggerFactory.getLogger(ExpiryWarnings.class);

    @TempDir
    Path data;

    @BeforeEach
    void listen() {
        log.start();
        logger.addAppender(log);
    }

    @AfterEach
    void leave() {
        logger.detachAppender(log);
    }

    @Test
    void each_step_is_said_once() throws Exception {
        Instant start = Instant.now();
        OwnAuthority authority = new OwnAuthority(data.resolve("tls"));
        authority.ensure(List.of(), List.of(), new MachineNames(Set.of("box"), Set.of()), start);
        X509Certificate certificate = authority.certificate();
        Instant end = certificate.getNotAfter().toInstant();
        ExpiryWarnings warnings = new ExpiryWarnings();
        List<Long> said = new ArrayList<>();
        for (long hours = 24 * 40; hours >= -48; hours -= 5) {
            int before = log.list.size();
            Duration left = Duration.ofHours(hours).minusMillis(1);
            warnings.look(certificate, end.minus(left), "do something");
            if (log.list.size() > before) {
                said.add(Math.floorDiv(left.toMillis(), Duration.ofDays(1).toMillis()));
            }
        }
        assertThat(said).containsExactly(29L, 13L, 6L, 2L, 0L, -1L);
        assertThat(log.list.get(0).getFormattedMessage()).contains("ends in 29 days", "do something");
        assertThat(log.list.get(5).getFormattedMessage()).contains("has ended on");
    }
}
