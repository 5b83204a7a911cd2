package io.pgevents.boot.listener;

import io.pgevents.PgSubscribe;
import io.pgevents.capture.Capture;
import io.pgevents.capture.Capture.Filter;
import io.pgevents.capture.PgChanges;
import io.pgevents.capture.RowCaptures;
import io.pgevents.capture.RowChange.Operation;
import io.pgevents.capture.RowChangeReader;
import io.pgevents.codec.EventCodec;
import io.pgevents.live.BroadcastSubscription;
import io.pgevents.subscription.Subscription;
import io.pgevents.subscription.SubscriptionSettings.Order;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.beans.factory.config.EmbeddedValueResolver;
import org.springframework.core.annotation.AnnotationUtils;

/** Makes a capture, and a subscription of its topic, of a method annotated with {@link PgChanges}. */
final class ChangesBinder {

    /** What is expected of changes: those of a row in their order. */
    private static final SubscriptionOptions IN_ORDER =
            new SubscriptionOptions(null, null, null, Order.KEY, null, null, null);

    private final ConfigurableListableBeanFactory beans;
    private final EventCodec codec;

    ChangesBinder(ConfigurableListableBeanFactory beans, EventCodec codec) {
        this.beans = beans;
        this.codec = codec;
    }

    /** A durable subscription. */
    Subscription bind(MethodPlace place, SubscriptionBinder binder) {
        PgChanges annotation = place.annotation(PgChanges.class);
        ChangeType type = ChangeType.of(place, HandlerSignature.of(place));
        NextSteps.check(place);
        BeanMethod method = new BeanMethod(beans, place);
        method.check();
        MethodEventHandler called = new MethodEventHandler(method, signature(place, type), codec);
        MethodChangeHandler handler = new MethodChangeHandler(called, type.kind());
        PgSubscribe subscription = asSubscription(place, annotation, capture(place, annotation, type));
        return binder.bind(place, subscription, handler, IN_ORDER);
    }

    /** A broadcast subscription. */
    BroadcastSubscription bindLive(MethodPlace place, BroadcastBinder binder) {
        PgChanges annotation = place.annotation(PgChanges.class);
        ChangeType type = ChangeType.of(place, HandlerSignature.of(place));
        Capture capture = capture(place, annotation, type);
        BroadcastSubscription subscription =
                binder.bind(place, asSubscription(place, annotation, capture), signature(place, type));
        beans.getBean(RowCaptures.class).onGap(capture, () -> tellOfGap(subscription));
        return subscription;
    }

    /** If it fails, it is told again. */
    private static void tellOfGap(BroadcastSubscription subscription) {
        try {
            subscription.handler().gap();
        } catch (Exception ex) {
            throw new IllegalStateException(subscription.name() + " cannot be told of a gap", ex);
        }
    }

    private HandlerSignature signature(MethodPlace place, ChangeType type) {
        PayloadType payload = new PayloadType.Changes(type, new RowChangeReader(codec, type.row()));
        return new HandlerSignature(HandlerSignature.of(place).parameters(), payload);
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
            throw place.refusedCapture("cannot get the changes of a table.", ex);
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
        attributes.put("broadcast", annotation.broadcast());
        attributes.put("onGap", annotation.onGap());
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
