package io.pgevents.boot.jackson;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.Period;
import java.time.Year;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Date;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Payloads of all the kinds in which the two generations of Jackson could differ. */
final class Sample {

    private Sample() {}

    enum State {
        NEW,
        PAID;

        @Override
        public String toString() {
            return "the state " + name();
        }
    }

    record Line(String sku, int quantity, @Nullable String giftNote) {}

    record Moments(
            Instant instant,
            LocalDate date,
            LocalTime time,
            LocalDateTime dateTime,
            OffsetDateTime offset,
            ZonedDateTime zoned,
            Duration duration,
            Period period,
            Year year,
            YearMonth month,
            ZoneId zone,
            Date old) {}

    @SuppressWarnings("ArrayRecordComponent")
    record Order(
            UUID id,
            String customer,
            State state,
            BigDecimal price,
            BigDecimal scaled,
            BigInteger big,
            long number,
            double share,
            float part,
            char letter,
            boolean paid,
            @Nullable String nothing,
            byte[] bytes,
            URI link,
            List<Line> lines,
            Map<String, Integer> stock,
            Map<State, String> byState,
            Moments moments) {}

    /** A class with accessors, whose fields are not in the order of the alphabet. */
    static final class Bean {
        private String zebra = "";
        private int apple;
        private @Nullable Line middle;

        public String getZebra() {
            return zebra;
        }

        public void setZebra(String zebra) {
            this.zebra = zebra;
        }

        public int getApple() {
            return apple;
        }

        public void setApple(int apple) {
            this.apple = apple;
        }

        public @Nullable Line getMiddle() {
            return middle;
        }

        public void setMiddle(@Nullable Line middle) {
            this.middle = middle;
        }
    }

    static Bean bean() {
        Bean bean = new Bean();
        bean.setZebra("stripes \u00e4\u20ac\ud83d\ude00 \u2028 </script>");
        bean.setApple(3);
        bean.setMiddle(new Line("b-1", 1, "for \"Ada\""));
        return bean;
    }

    static Order order() {
        Map<String, Integer> stock = new LinkedHashMap<>();
        stock.put("zebra", 1);
        stock.put("apple", 2);
        return new Order(
                new UUID(1, 2),
                "Ada",
                State.PAID,
                new BigDecimal("19.90"),
                new BigDecimal("1E+3"),
                new BigInteger("123456789012345678901234567890"),
                Long.MAX_VALUE,
                0.1,
                0.5f,
                'x',
                true,
                null,
                "bytes?>".getBytes(StandardCharsets.UTF_8),
                URI.create("https://example.org/a?b=c"),
                List.of(new Line("b-1", 2, null)),
                stock,
                Map.of(State.NEW, "first"),
                moments());
    }

    @SuppressWarnings("JavaUtilDate")
    private static Moments moments() {
        LocalDateTime dateTime = LocalDateTime.of(2026, 3, 1, 12, 0, 0, 120_000_000);
        return new Moments(
                Instant.ofEpochSecond(1_772_323_200, 123_456_789),
                LocalDate.of(2026, 3, 1),
                LocalTime.of(12, 30),
                dateTime,
                dateTime.atOffset(ZoneOffset.ofHours(2)),
                dateTime.atZone(ZoneId.of("Europe/Berlin")),
                Duration.ofMinutes(90),
                Period.ofDays(3),
                Year.of(2026),
                YearMonth.of(2026, 3),
                ZoneId.of("Europe/Berlin"),
                new Date(1_772_323_200_123L));
    }
}
