package io.entrepot.auth.account;

import static io.entrepot.auth.account.World.PRIVATE;
import static org.assertj.core.api.Assertions.assertThat;

import io.entrepot.core.RepositoryName;
import io.entrepot.core.access.Access;
import io.entrepot.core.access.Action;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** How long a question takes with a thousand privileges. Printed, not judged: machines differ. The aim is 20 µs. */
class PolicySpeedTest {
    private final World world = new World();

    @Test
    void a_question_is_answered_fast_whatever_the_privileges_look_like() {
        measure("folders", i -> "read:private:team" + i + "/**", "team999/app/web");
        measure("names", i -> "read:private:team/app" + i, "team/app999");
        measure("one folder", i -> "read:private:team/app" + i + "-*", "team/app999-x");
        measure("no folder", i -> "read:private:**/app" + i, "deep/in/some/folder/app999");
        measure("all alike", i -> "read:private:**/a*p" + i + "*", "deep/in/some/folder/axxp999");
        measure("two ends", i -> "read:private:team/**-x" + i, "team/app-x999");
        measure("registries", i -> "read:registry" + i + ":**", "team/app");
    }

    private void measure(String what, IntFunction<String> privilege, String text) {
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            texts.add(privilege.apply(i));
        }
        String user = what.replace(' ', '-');
        world.role(user, texts.toArray(String[]::new));
        world.person(user, user);
        Access access = world.access(user, PRIVATE);
        RepositoryName hit = new RepositoryName(text);
        RepositoryName miss = new RepositoryName("nobody/has/this");
        assertThat(access.allows(Action.READ, hit)).isEqualTo(!what.equals("registries"));
        Access restricted = world.as(new Identity(
                        world.as(user).principal(),
                        Set.of(),
                        Optional.of(World.privileges("pull:*:**")),
                        Optional.empty()))
                .rights()
                .in(PRIVATE);
        System.out.printf(
                "1,000 privileges, %s: hit %.2f µs, miss %.2f µs, restricted hit %.2f µs%n",
                what, micros(access, hit), micros(access, miss), micros(restricted, hit));
    }

    private static double micros(Access access, RepositoryName name) {
        int rounds = 1_000;
        double best = Double.MAX_VALUE;
        for (int i = 0; i < 5; i++) {
            long begin = System.nanoTime();
            for (int j = 0; j < rounds; j++) {
                access.allows(Action.READ, name);
            }
            best = Math.min(best, (System.nanoTime() - begin) / 1_000.0 / rounds);
        }
        return best;
    }
}
