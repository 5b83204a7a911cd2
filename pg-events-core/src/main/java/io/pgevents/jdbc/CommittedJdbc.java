package io.pgevents.jdbc;

import javax.sql.DataSource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Makes the templates of the bus, which commit each statement that is in no transaction. A plain template leaves that to
 * the pool; where auto-commit is off, as Hibernate's guides recommend, the statement is rolled back without a word when
 * its connection is given back.
 */
public final class CommittedJdbc {

    private CommittedJdbc() {}

    /** Statements join the caller's transaction; without one, each commits on its own. */
    public static JdbcTemplate joining(DataSource dataSource) {
        return new JdbcTemplate(new CommittingDataSource(dataSource));
    }

    /** Statements take no part in the caller's transaction; each commits on its own. */
    public static JdbcTemplate apart(DataSource dataSource) {
        return new JdbcTemplate(new DelegatingDataSource(new CommittingDataSource(dataSource)));
    }
}
