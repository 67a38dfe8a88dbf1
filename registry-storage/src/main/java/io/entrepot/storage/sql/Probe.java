package io.entrepot.storage.sql;

import java.sql.SQLException;

/** Sees every statement before it is executed. Tests let the database fail here. */
@FunctionalInterface
interface Probe {
    Probe NONE = sql -> {};

    void before(String sql) throws SQLException;
}
