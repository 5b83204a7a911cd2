package io.pgevents.boot.cache;

import org.jspecify.annotations.Nullable;
import org.springframework.aot.hint.RuntimeHints;
import org.springframework.aot.hint.RuntimeHintsRegistrar;
import org.springframework.cache.Cache;

/**
 * Sees through what a transaction-aware cache manager wraps around its caches: it puts each change off until the commit,
 * without saying so, and for ever if that is over already. Its library, spring-context-support, need not be there.
 */
final class TransactionDecorators {

    private static final OptionalType DECORATOR =
            new OptionalType("org.springframework.cache.transaction.TransactionAwareCacheDecorator");

    private TransactionDecorators() {}

    /** The cache inside of them all. */
    static Cache inside(Cache cache) {
        Cache found = cache;
        while (DECORATOR.isClassOf(found)) {
            found = target(found);
        }
        return found;
    }

    private static Cache target(Cache decorator) {
        try {
            return (Cache) DECORATOR.call(decorator, "getTargetCache");
        } catch (ReflectiveOperationException ex) {
            throw new IllegalStateException("Nobody may look into the cache " + decorator.getName(), ex);
        }
    }

    /** Lets a native image look into them as well. */
    static final class Hints implements RuntimeHintsRegistrar {

        @Override
        public void registerHints(RuntimeHints hints, @Nullable ClassLoader classLoader) {
            DECORATOR.register(hints, classLoader);
        }
    }
}
