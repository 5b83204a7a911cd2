package io.pgevents.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import io.pgevents.capture.RowChange.Inserted;
import io.pgevents.support.TestPostgres;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.OffsetTime;
import java.time.Period;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Every column type, from the table to the component of a record. */
class ColumnTypesIntegrationTests {

    private static final String EXACT = "12345678901234567890.123456789012345678900";

    private final CaptureFixture fixture = new CaptureFixture(TestPostgres.newDatabaseUrl());

    enum Mood {
        HAPPY,
        NOT_SO_HAPPY
    }

    record Address(String street, int number) {}

    record Numbers(
            short small,
            int medium,
            long big,
            BigDecimal exact,
            float real,
            double twice,
            @Nullable Integer none) {}

    record Times(
            Instant moment,
            OffsetDateTime zoned,
            LocalDateTime plain,
            LocalDate day,
            LocalTime time,
            OffsetTime timeOfZone,
            Duration length,
            Period distance) {}

    record Others(
            UUID uuid,
            Mood mood,
            List<Mood> moods,
            Address address,
            List<String> tags,
            List<List<Integer>> grid,
            JsonNode document,
            Address documentAsRecord,
            String documentAsText,
            boolean flag,
            String network,
            String span) {}

    @SuppressWarnings("ArrayRecordComponent")
    record Bytes(byte[] bytes, List<byte[]> several, byte @Nullable [] none) {}

    @AfterEach
    void close() {
        fixture.close();
    }

    private Object inserted(Class<?> type, String columns, String values) {
        fixture.sql("CREATE TABLE t (" + columns + ")");
        fixture.capture("t");
        // The writer's settings do not matter.
        fixture.sql("SET IntervalStyle = 'sql_standard'; SET bytea_output = 'escape'; SET extra_float_digits = -5;"
                + " SET TimeZone = 'Asia/Tokyo'; INSERT INTO t VALUES (" + values + "); RESET ALL");
        return ((Inserted<?>) fixture.changes(type).get(0)).row();
    }

    @Test
    void numbersKeepEveryDigit() {
        assertThat(inserted(
                        Numbers.class,
                        "small smallint, medium int, big bigint, exact numeric, real real, twice float8, none int",
                        "-7, 2147483647, 9223372036854775807, " + EXACT + ", 0.1, 0.1, NULL"))
                .isEqualTo(new Numbers(
                        (short) -7, Integer.MAX_VALUE, Long.MAX_VALUE, new BigDecimal(EXACT), 0.1f, 0.1, null));
    }

    @Test
    void numbersOfMapsAndTreesKeepEveryDigitToo() {
        inserted(Map.class, "exact numeric", EXACT);
        Object map = ((Inserted<?>) fixture.changes(Map.class).get(0)).row();
        assertThat(map).isEqualTo(Map.of("exact", new BigDecimal(EXACT)));
        JsonNode tree =
                (JsonNode) ((Inserted<?>) fixture.changes(JsonNode.class).get(0)).row();
        assertThat(tree.get("exact").decimalValue()).isEqualTo(new BigDecimal(EXACT));
        assertThat(((Inserted<?>) fixture.changes(String.class).get(0)).row()).isEqualTo("{\"exact\":" + EXACT + "}");
    }

    @Test
    void timesAreWhatTheyWere() {
        OffsetDateTime moment = OffsetDateTime.of(2026, 3, 29, 1, 2, 3, 456_789_000, ZoneOffset.UTC);
        assertThat(inserted(
                        Times.class,
                        "moment timestamptz, zoned timestamptz, plain timestamp, day date, time time, time_of_zone timetz,"
                                + " length interval, distance interval",
                        "'2026-03-29 01:02:03.456789Z', '2026-03-29 01:02:03.456789Z', '2026-03-29 01:02:03.456789', '2026-03-29',"
                                + " '01:02:03', '01:02:03+02', '3 days 04:05:06.7', '1 year 2 mons 3 days'"))
                .isEqualTo(new Times(
                        moment.toInstant(),
                        moment,
                        moment.toLocalDateTime(),
                        moment.toLocalDate(),
                        LocalTime.of(1, 2, 3),
                        OffsetTime.of(1, 2, 3, 0, ZoneOffset.ofHours(2)),
                        Duration.parse("P3DT4H5M6.7S"),
                        Period.of(1, 2, 3)));
    }

    @Test
    void theRestIsMappedByTheComponent() {
        fixture.sql(
                "CREATE TYPE mood AS ENUM ('HAPPY', 'not so happy')",
                "CREATE TYPE address AS (street text, number int)");
        Others row = (Others) inserted(
                Others.class,
                "uuid uuid, mood mood, moods mood[], address address, tags text[], grid int[][], document jsonb,"
                        + " document_as_record json, \"documentAsText\" jsonb, flag boolean, network inet, span daterange",
                "'7d444840-9dc0-11d1-b245-5ffdce74fad2', 'not so happy', '{HAPPY,not so happy}', ('s', 1), '{a,NULL,\"b c\"}',"
                        + " '{{1,2},{3,4}}', '{\"a\": [1, null]}', '{\"street\": \"s\", \"number\": 2}', '{\"a\": 1}', true,"
                        + " '10.0.0.1/8', '[2026-01-01,2026-02-01)'");
        assertThat(row.uuid()).isEqualTo(UUID.fromString("7d444840-9dc0-11d1-b245-5ffdce74fad2"));
        assertThat(row.mood()).isEqualTo(Mood.NOT_SO_HAPPY);
        assertThat(row.moods()).containsExactly(Mood.HAPPY, Mood.NOT_SO_HAPPY);
        assertThat(row.address()).isEqualTo(new Address("s", 1));
        assertThat(row.tags()).containsExactly("a", null, "b c");
        assertThat(row.grid()).isEqualTo(List.of(List.of(1, 2), List.of(3, 4)));
        assertThat(row.document().toString()).isEqualTo("{\"a\":[1,null]}");
        assertThat(row.documentAsRecord()).isEqualTo(new Address("s", 2));
        assertThat(row.documentAsText()).isEqualTo("{\"a\":1}");
        assertThat(row.flag()).isTrue();
        assertThat(row.network()).isEqualTo("10.0.0.1/8");
        assertThat(row.span()).isEqualTo("[2026-01-01,2026-02-01)");
    }

    @Test
    void bytesAreBytes() {
        Bytes row = (Bytes)
                inserted(Bytes.class, "bytes bytea, several bytea[], none bytea", "'\\x00ff10', '{\"\\\\x01\"}', NULL");
        assertThat(row.bytes()).containsExactly(0, 0xff, 0x10);
        assertThat(row.several()).singleElement().isEqualTo(new byte[] {1});
        assertThat(row.none()).isNull();
    }

    @Test
    void generatedColumnsHaveTheirValues() {
        inserted(Map.class, "a int, twice int GENERATED ALWAYS AS (a * 2) STORED", "21");
        assertThat(((Inserted<?>) fixture.changes().get(0)).row()).isEqualTo(Map.of("a", 21, "twice", 42));
    }

    @Test
    void moneyIsPrintedInOneWay() {
        List<String> foreign = fixture.jdbc()
                .queryForList(
                        "SELECT collcollate FROM pg_collation WHERE collprovider = 'c' AND collcollate ~ '^(de_DE|en_GB|fr_FR)'",
                        String.class);
        assumeFalse(foreign.isEmpty(), "the machine has no locale with other money");
        fixture.sql("CREATE TABLE price (amount money)");
        fixture.capture("price");
        fixture.sql("SET lc_monetary = '" + foreign.get(0)
                + "'; INSERT INTO price VALUES (1234.5::numeric::money); RESET ALL");
        assertThat(((Inserted<?>) fixture.changes().get(0)).row()).isEqualTo(Map.of("amount", "$1,234.50"));
    }
}
