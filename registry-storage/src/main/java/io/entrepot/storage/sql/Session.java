package io.entrepot.storage.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A connection, used by one thread at a time, with its prepared statements kept: so SQL is constant text, and every value
 * an argument.
 */
final class Session implements AutoCloseable {
    private final Connection connection;
    private final Probe probe;
    private final Map<String, PreparedStatement> statements = new HashMap<>();

    /** Reads the present row. */
    @FunctionalInterface
    interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    Session(Connection connection, Probe probe) {
        this.connection = connection;
        this.probe = probe;
    }

    <T> List<T> all(String sql, Row<T> row, @Nullable Object... arguments) throws SQLException {
        return execute(sql, arguments, statement -> {
            List<T> all = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    all.add(row.read(rows));
                }
            }
            return all;
        });
    }

    /** The first row, if there is one. */
    <T> Optional<T> one(String sql, Row<T> row, @Nullable Object... arguments) throws SQLException {
        return execute(sql, arguments, statement -> {
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? Optional.of(row.read(rows)) : Optional.empty();
            }
        });
    }

    /** The number in the first column of the first row. */
    Optional<Long> number(String sql, @Nullable Object... arguments) throws SQLException {
        return one(sql, row -> row.getLong(1), arguments);
    }

    boolean exists(String sql, @Nullable Object... arguments) throws SQLException {
        return number(sql, arguments).isPresent();
    }

    /** How many rows it changed. */
    int update(String sql, @Nullable Object... arguments) throws SQLException {
        return execute(sql, arguments, PreparedStatement::executeUpdate);
    }

    /** Inserts a row and says which id it got. */
    long insert(String sqlReturningId, @Nullable Object... arguments) throws SQLException {
        return number(sqlReturningId, arguments).orElseThrow(() -> new SQLException("no id came back"));
    }

    /** One or more statements that are not worth keeping: settings, migrations. */
    void script(String sql) throws SQLException {
        probe.before(sql);
        try (Statement statement = connection.createStatement()) {
            statement.executeUpdate(sql);
        }
    }

    /** What a setting is, as text. */
    String setting(String pragma) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(pragma)) {
            return row.next() ? row.getString(1) : "";
        }
    }

    /** What is done with a statement that has its arguments. */
    @FunctionalInterface
    private interface Execution<T> {
        T of(PreparedStatement statement) throws SQLException;
    }

    private <T> T execute(String sql, @Nullable Object[] arguments, Execution<T> execution) throws SQLException {
        probe.before(sql);
        PreparedStatement statement = statements.get(sql);
        if (statement == null) {
            statement = connection.prepareStatement(sql);
            statements.put(sql, statement);
        }
        try {
            for (int i = 0; i < arguments.length; i++) {
                statement.setObject(i + 1, arguments[i]);
            }
            return execution.of(statement);
        } catch (SQLException e) {
            // The driver closes some that have failed: no one is used again.
            statements.remove(sql);
            close(statement, e);
            throw e;
        }
    }

    private static void close(PreparedStatement statement, SQLException failure) {
        try {
            statement.close();
        } catch (SQLException e) {
            failure.addSuppressed(e);
        }
    }

    /** Ends the connection and its statements. */
    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
