package io.pgevents.boot.listener;

import io.pgevents.PgSubscribe;
import io.pgevents.capture.Capture;
import io.pgevents.capture.Capture.Filter;
import io.pgevents.capture.PgChanges;
import io.pgevents.capture.RowCaptures;
import io.pgevents.capture.RowChange.Operation;
import io.pgevents.capture.RowChangeReader;
import io.pgevents.codec.EventCodec;
import io.pgevents.subscription.Subscription;
import io.pgevents.subscription.SubscriptionSettings.Order;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.EmbeddedValueResolver;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.core.annotation.AnnotationUtils;

/** Makes a capture, and a subscription of its topic, of a method annotated with {@link PgChanges}. */
final class ChangesBinder {

    /** What is expected of changes: those of a row in their order. */
    private static final SubscriptionOptions IN_ORDER =
            new SubscriptionOptions(null, null, null, Order.KEY, null, null, null);

    private final ConfigurableListableBeanFactory beans;
    private final EventCodec codec;
    private final SubscriptionBinder subscriptions;

    ChangesBinder(ConfigurableListableBeanFactory beans, EventCodec codec, SubscriptionBinder subscriptions) {
        this.beans = beans;
        this.codec = codec;
        this.subscriptions = subscriptions;
    }

    Subscription bind(MethodPlace place) {
        PgChanges annotation =
                Objects.requireNonNull(AnnotatedElementUtils.findMergedAnnotation(place.method(), PgChanges.class));
        HandlerSignature signature = HandlerSignature.of(place);
        ChangeType type = ChangeType.of(place, signature);
        NextSteps.check(place);
        BeanMethod method = new BeanMethod(beans, place);
        method.check();
        Capture capture = capture(place, annotation, type);
        MethodChangeHandler handler =
                new MethodChangeHandler(method, signature, type.kind(), new RowChangeReader(codec, type.row()));
        return subscriptions.bind(place, asSubscription(place, annotation, capture), handler, IN_ORDER);
    }

    private Capture capture(MethodPlace place, PgChanges annotation, ChangeType type) {
        Placeholders attributes = new Placeholders(place, new EmbeddedValueResolver(beans));
        String condition = attributes.resolve("condition", annotation.condition());
        List<String> columns = Arrays.stream(annotation.columns())
                .map(each -> attributes.resolve("columns", each))
                .toList();
        String table = attributes.resolve("table", annotation.table());
        try {
            Filter filter = new Filter(operations(place, annotation, type, condition), columns, condition);
            return beans.getBean(RowCaptures.class).declare(table, filter);
        } catch (IllegalArgumentException ex) {
            throw place.error("cannot get the changes of a table. " + ex.getMessage() + ".", "Correct @PgChanges.", ex);
        }
    }

    private static Set<Operation> operations(
            MethodPlace place, PgChanges annotation, ChangeType type, String condition) {
        Set<Operation> declared = EnumSet.noneOf(Operation.class);
        declared.addAll(Arrays.asList(annotation.operations()));
        if (declared.isEmpty()) {
            declared.addAll(type.operations());
            declared.retainAll(Filter.possibleFor(condition));
        } else if (!type.operations().containsAll(declared)) {
            throw place.error(
                    "is annotated with operations = " + declared + ", but takes only " + type.operations() + ".",
                    "Leave the operations out, or take a RowChange.");
        }
        return declared;
    }

    /** The attributes both annotations have, and the topic. */
    private static PgSubscribe asSubscription(MethodPlace place, PgChanges annotation, Capture capture) {
        Map<String, Object> attributes = new HashMap<>();
        attributes.put("topic", new String[] {capture.topic()});
        attributes.put("subscription", annotation.subscription());
        attributes.put("mode", annotation.mode());
        attributes.put("concurrency", annotation.concurrency());
        attributes.put("batchSize", annotation.batchSize());
        attributes.put("order", annotation.order());
        attributes.put("lease", annotation.lease());
        attributes.put("timeout", annotation.timeout());
        attributes.put("retry", annotation.retry());
        return AnnotationUtils.synthesizeAnnotation(attributes, PgSubscribe.class, place.method());
    }
}
