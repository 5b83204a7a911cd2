package io.pgevents.sample;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ShopDatabaseTests {

    @Test
    void namesThePsqlCommandWithoutParametersOfTheDriver() {
        assertThat(ShopDatabase.command(
                        "jdbc:postgresql://db.example:5433/shop?currentSchema=a&password=secret", "ada"))
                .isEqualTo("psql -U ada postgresql://db.example:5433/shop");
    }

    @Test
    void leavesOutAnUnknownUser() {
        assertThat(ShopDatabase.command("jdbc:postgresql://localhost/shop", null))
                .isEqualTo("psql postgresql://localhost/shop");
    }
}
