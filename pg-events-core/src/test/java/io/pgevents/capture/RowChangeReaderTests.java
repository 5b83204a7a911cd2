package io.pgevents.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.pgevents.PayloadConversionException;
import io.pgevents.capture.RowChange.Deleted;
import io.pgevents.capture.RowChange.Inserted;
import io.pgevents.capture.RowChange.Updated;
import io.pgevents.codec.Jackson2EventCodec;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** From the payload to the change. */
class RowChangeReaderTests {

    record Row(int userId, @Nullable String nickName) {}

    record Renamed(@JsonProperty("user_id") int number) {}

    public static class Bean {
        public int userId;
    }

    private static RowChange<Object> read(Type type, String json) {
        String payload = json.replace('\'', '"')
                .replaceFirst("\\{", "{\"schema\":\"s\",\"table\":\"t\",\"tx\":\"7\",\"key\":\"k\",");
        return new RowChangeReader(new Jackson2EventCodec(), type).read(payload, Instant.EPOCH);
    }

    private static Object row(Type type, String row) {
        return ((Inserted<?>) read(type, "{'op':'insert','new':" + row + "}")).row();
    }

    @Test
    void columnsFindComponentsBySnakeOrExactName() {
        assertThat(row(Row.class, "{'user_id':1,'nickName':'a'}")).isEqualTo(new Row(1, "a"));
        assertThat(row(Row.class, "{'userId':1,'user_id':2}")).isEqualTo(new Row(1, null));
        assertThat(row(Row.class, "{'user_id':1,'nick name':'a','more':[]}")).isEqualTo(new Row(1, "a"));
    }

    @Test
    void jacksonMayRenameComponents() {
        assertThat(row(Renamed.class, "{'user_id':1,'number':2}")).isEqualTo(new Renamed(1));
    }

    @Test
    void classesGetTheSameNames() {
        assertThat(((Bean) row(Bean.class, "{'user_id':1}")).userId).isEqualTo(1);
    }

    @Test
    void saysWhichColumnIsMissing() {
        assertThatThrownBy(() -> row(Row.class, "{'nick_name':'a'}"))
                .isInstanceOf(PayloadConversionException.class)
                .hasMessageContaining("The table s.t has no column for the component int userId of")
                .hasMessageContaining("[nick_name]");
    }

    @Test
    void saysWhichColumnIsNull() {
        assertThatThrownBy(() -> row(Row.class, "{'user_id':null}"))
                .isInstanceOf(PayloadConversionException.class)
                .hasMessageContaining("The column user_id of s.t is null, but the component int userId of");
    }

    @Test
    void saysWhichValueDoesNotFit() {
        assertThatThrownBy(() -> row(Row.class, "{'user_id':'x'}"))
                .isInstanceOf(PayloadConversionException.class)
                .hasMessageContaining("A row of s.t does not fit")
                .hasMessageContaining("userId");
    }

    @Test
    void saysWhyARowWasNotCaptured() {
        assertThatThrownBy(() -> read(Row.class, "{'op':'insert','new':null,'problem':'its row is too long'}"))
                .isInstanceOf(PayloadConversionException.class)
                .hasMessage("A change of s.t with the key k could not be captured: its row is too long.");
    }

    @Test
    void anUpdateMayLackItsOldRow() {
        Updated<?> updated =
                (Updated<?>) read(Row.class, "{'op':'update','old':null,'new':{'user_id':1},'changed':['nick_name']}");
        assertThat(updated.oldRow()).isNull();
        assertThat(updated.changed()).isEqualTo(Set.of("nick_name"));
        assertThat(updated.unchanged()).isEmpty();
    }

    @Test
    void aDeletionHasTheOldRow() {
        assertThat(((Deleted<?>) read(Row.class, "{'op':'delete','old':{'user_id':1}}")).oldRow())
                .isEqualTo(new Row(1, null));
    }

    @Test
    void refusesWhatIsNoChange() {
        for (String payload : new String[] {"[]", "{}", "{'op':'insert'}", "{'op':'merge'}"}) {
            assertThatThrownBy(() -> read(Row.class, payload.equals("[]") ? "[{}]" : payload))
                    .isInstanceOf(PayloadConversionException.class)
                    .hasMessageContaining("The payload is no");
        }
    }
}
