package io.entrepot.auth.password;

import static org.assertj.core.api.Assertions.assertThat;

import io.entrepot.core.ErrorCode;
import io.entrepot.core.RegistryException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class HashingGateTest {
    private final PasswordHasher hasher = new PasswordHasher(new SecureRandom());

    @Test
    @Timeout(60)
    void who_comes_when_too_many_wait_is_told_to_come_back_and_the_others_are_served() throws Exception {
        HashingGate gate = new HashingGate(hasher, 1, 3);
        String hash = hasher.hash("correct horse");
        AtomicInteger refused = new AtomicInteger();
        AtomicInteger served = new AtomicInteger();
        ExecutorService crowd = Executors.newFixedThreadPool(40);
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            all.add(crowd.submit(() -> {
                try {
                    assertThat(gate.matches("correct horse", hash)).isTrue();
                    served.incrementAndGet();
                } catch (RegistryException.Unavailable e) {
                    assertThat(e.code()).isEqualTo(ErrorCode.TOOMANYREQUESTS);
                    assertThat(e.retryAfter()).contains(Duration.ofSeconds(2));
                    refused.incrementAndGet();
                }
            }));
        }
        for (Future<?> one : all) {
            one.get(50, TimeUnit.SECONDS);
        }
        crowd.shutdown();

        assertThat(served.get()).isGreaterThanOrEqualTo(4);
        assertThat(refused.get()).isPositive();
        assertThat(gate.matches("correct horse", hash)).isTrue();
    }
}
