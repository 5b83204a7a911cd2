package io.pgevents.schema;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pgevents.PgEventsStartException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServerCheckTests {

    @ParameterizedTest
    @ValueSource(ints = {14, 18, 25})
    void acceptsSupportedVersions(int major) {
        assertThatCode(() -> ServerCheck.check("PostgreSQL", major)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(ints = {9, 13})
    void refusesOldVersions(int major) {
        assertThatThrownBy(() -> ServerCheck.check("PostgreSQL", major))
                .isInstanceOf(PgEventsStartException.class)
                .hasMessageContaining("PostgreSQL " + major)
                .hasMessageContaining("14 or newer")
                .hasMessageContaining("Upgrade the server");
    }

    @Test
    void refusesAnEncodingThatCannotStoreEveryCharacter() {
        assertThatCode(() -> ServerCheck.checkEncoding("UTF8")).doesNotThrowAnyException();
        assertThatThrownBy(() -> ServerCheck.checkEncoding("LATIN1"))
                .isInstanceOf(PgEventsStartException.class)
                .hasMessageContaining("encoding LATIN1")
                .hasMessageContaining("ENCODING 'UTF8'");
    }

    @Test
    void refusesOtherProducts() {
        assertThatThrownBy(() -> ServerCheck.check("H2", 14))
                .isInstanceOf(PgEventsStartException.class)
                .hasMessageContaining("connected to H2")
                .hasMessageContaining("spring.datasource.url");
    }
}
