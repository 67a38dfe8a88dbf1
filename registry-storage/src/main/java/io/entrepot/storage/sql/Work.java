package io.entrepot.storage.sql;

import java.sql.SQLException;

/** What is to be done with a {@link Session}, and what comes of it. */
@FunctionalInterface
interface Work<T> {
    T in(Session session) throws SQLException;
}
