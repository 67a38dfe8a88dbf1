package io.entrepot.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BudgetTest {
    @Test
    void what_does_not_fit_is_refused_until_room_was_given_back() {
        Budget budget = new Budget(10);
        assertThat(budget.take(6)).isTrue();
        assertThat(budget.take(5)).isFalse();
        assertThat(budget.take(4)).isTrue();
        budget.giveBack(6);
        assertThat(budget.take(5)).isTrue();
    }
}
