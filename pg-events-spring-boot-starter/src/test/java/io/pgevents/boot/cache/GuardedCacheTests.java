package io.pgevents.boot.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.sql.Connection;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.cache.concurrent.ConcurrentMapCache;

/** Every order in which a loader and a change can meet: the loader's steps are interrupted by the change, one by one. */
@Timeout(60)
class GuardedCacheTests {

    private final Target target = new Target();
    private final Following following = new Following();
    private final GuardedCache cache = new GuardedCache(target, following);

    /** Runs a change just before, or just after, it stores a value; or while it is cleared. */
    private static final class Target extends ConcurrentMapCache {
        private final Queue<Runnable> beforePut = new ArrayDeque<>();
        private final Queue<Runnable> afterPut = new ArrayDeque<>();
        private final Queue<Runnable> beforeClear = new ArrayDeque<>();
        private boolean away;

        private Target() {
            super("counters");
        }

        @Override
        public void put(Object key, @Nullable Object value) {
            run(beforePut);
            super.put(key, value);
            run(afterPut);
        }

        @Override
        public void evict(Object key) {
            checkAway();
            super.evict(key);
        }

        @Override
        public boolean evictIfPresent(Object key) {
            checkAway();
            return super.evictIfPresent(key);
        }

        @Override
        public void clear() {
            checkAway();
            run(beforeClear);
            super.clear();
        }

        private void checkAway() {
            if (away) {
                throw new IllegalStateException("The cache is away");
            }
        }

        private static void run(Queue<Runnable> steps) {
            Runnable step = steps.poll();
            if (step != null) {
                step.run();
            }
        }
    }

    @BeforeEach
    void follow() {
        following.begin(Connection.TRANSACTION_READ_COMMITTED);
    }

    /** As a stop does. */
    private void endFollowing() {
        following.end();
        cache.allChanged();
    }

    private @Nullable Object stored(Object key) {
        return target.getNativeCache().get(key);
    }

    @Test
    void storesWhatWasLoadedAfterALookup() {
        assertThat(cache.get("ada")).isNull();
        cache.put("ada", 1);
        assertThat(cache.get("ada", Integer.class)).isEqualTo(1);
    }

    @Test
    void aChangeTakesTheEntryAway() {
        cache.get("ada");
        cache.put("ada", 1);
        cache.changed("ada");
        assertThat(stored("ada")).isNull();
    }

    @Test
    void doesNotStoreWhatWasReadBeforeAChange() {
        cache.get("ada");
        cache.changed("ada");
        cache.put("ada", "old");
        assertThat(stored("ada")).isNull();
    }

    @Test
    void doesNotKeepWhatWasStoredWhileAChangeCameIn() {
        cache.get("ada");
        target.beforePut.add(() -> cache.changed("ada"));
        cache.put("ada", "old");
        assertThat(stored("ada")).isNull();
        cache.get("ada");
        target.afterPut.add(() -> cache.changed("ada"));
        cache.put("ada", "old");
        assertThat(stored("ada")).isNull();
    }

    @Test
    void doesNotStoreAnOldValueOverTheNewOne() {
        cache.get("ada");
        cache.changed("ada", "new");
        cache.put("ada", "old");
        assertThat(stored("ada")).isIn("new", null);
        cache.get("grace");
        target.beforePut.add(() -> cache.changed("grace", "new"));
        cache.put("grace", "old");
        assertThat(stored("grace")).isIn("new", null);
    }

    @Test
    void aGapIsAChangeOfEveryKey() {
        cache.get("ada");
        cache.put("ada", 1);
        cache.get("grace");
        cache.allChanged();
        cache.put("grace", "old");
        assertThat(target.getNativeCache()).isEmpty();
    }

    @Test
    void anAtomicLoadThatMeetsAChangeIsNotKept() throws InterruptedException {
        // The target keeps the change out until it has stored what was loaded.
        Thread change = new Thread(() -> cache.changed("ada"));
        String loaded = cache.get("ada", () -> {
            change.start();
            return "old";
        });
        change.join();
        assertThat(loaded).isEqualTo("old");
        assertThat(stored("ada")).isNull();
        assertThat(cache.<String>get("ada", () -> "new")).isEqualTo("new");
        assertThat(stored("ada")).isEqualTo("new");
    }

    @Test
    void anAsynchronousLoadThatMeetsAChangeIsNotKept() throws InterruptedException {
        CompletableFuture<String> loading = new CompletableFuture<>();
        CompletableFuture<String> loaded = cache.retrieve("ada", () -> loading);
        Thread change = new Thread(() -> cache.changed("ada"));
        change.start();
        loading.complete("old");
        assertThat(loaded.join()).isEqualTo("old");
        change.join();
        assertThat(stored("ada")).isNull();
    }

    @Test
    void aPutWithoutALookupTakesTheEntryAway() {
        cache.get("ada");
        cache.put("ada", 1);
        cache.put("ada", 2);
        assertThat(stored("ada")).isNull();
    }

    @Test
    void lookupsOfOtherKeysDoNotDisturb() {
        cache.get("ada");
        cache.get("grace");
        cache.put("grace", 2);
        cache.put("ada", 1);
        assertThat(target.getNativeCache()).hasSize(2);
    }

    @Test
    void isClearedWhenItComesBackAfterAChangeItHasMissed() {
        cache.get("ada");
        cache.put("ada", "old");
        target.away = true;
        assertThatIllegalStateException().isThrownBy(() -> cache.changed("ada"));
        target.away = false;
        assertThat(cache.get("ada")).isNull();
    }

    @Test
    void isClearedWhenAnOldValueCouldNotBeTakenAway() {
        cache.get("ada");
        target.afterPut.add(() -> {
            cache.changed("ada");
            target.away = true;
            target.getNativeCache().put("ada", "old");
        });
        assertThatIllegalStateException().isThrownBy(() -> cache.put("ada", "old"));
        target.away = false;
        assertThat(cache.get("ada")).isNull();
    }

    @Test
    void isClearedWhenAnEntryThatWasThereCouldNotBeTakenAway() {
        cache.get("ada");
        cache.put("ada", "old");
        target.away = true;
        assertThatIllegalStateException().isThrownBy(() -> cache.evictIfPresent("ada"));
        target.away = false;
        assertThat(cache.get("ada")).isNull();
    }

    @Test
    void isNotReadBeforeItIsCleared() throws InterruptedException {
        cache.get("ada");
        cache.put("ada", "old");
        target.away = true;
        assertThatIllegalStateException().isThrownBy(cache::clear);
        assertThatIllegalStateException().isThrownBy(() -> cache.get("ada"));
        target.away = false;
        List<Object> foundMeanwhile = new CopyOnWriteArrayList<>();
        Thread other = new Thread(() -> foundMeanwhile.add(Objects.requireNonNullElse(cache.get("ada"), "nothing")));
        target.beforeClear.add(() -> {
            other.start();
            join(other);
        });
        assertThat(cache.get("ada")).isNull();
        assertThat(foundMeanwhile).containsExactly("nothing");
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException ex) {
            throw new IllegalStateException(ex);
        }
    }

    @Test
    void findsAndStoresNothingWhileNobodyFollows() {
        target.getNativeCache().put("ada", "perhaps old");
        following.end();
        assertThat(cache.get("ada")).isNull();
        assertThat(cache.get("ada", String.class)).isNull();
        assertThat(cache.<String>get("ada", () -> "loaded")).isEqualTo("loaded");
        assertThat(cache.retrieve("grace")).isNull();
        assertThat(cache.retrieve("grace", () -> CompletableFuture.completedFuture("loaded"))
                        .join())
                .isEqualTo("loaded");
        cache.get("alan");
        cache.put("alan", "loaded");
        assertThat(target.getNativeCache()).isEmpty();
    }

    @Test
    void doesNotStoreWhatIsLoadedWhileTheFollowingEnds() {
        cache.get("ada");
        endFollowing();
        cache.put("ada", "old");
        assertThat(stored("ada")).isNull();
        follow();
        cache.get("ada");
        target.beforePut.add(this::endFollowing);
        cache.put("ada", "old");
        assertThat(stored("ada")).isNull();
        follow();
        cache.get("ada");
        target.afterPut.add(this::endFollowing);
        cache.put("ada", "old");
        assertThat(stored("ada")).isNull();
    }

    @Test
    void doesNotKeepWhatALateChangePutsWhenNobodyFollows() {
        target.beforePut.add(this::endFollowing);
        cache.changed("ada", "old");
        assertThat(stored("ada")).isNull();
        cache.changed("ada", "old");
        assertThat(stored("ada")).isNull();
    }

    @Test
    void storesAgainWhenItIsFollowedAgain() {
        endFollowing();
        follow();
        cache.get("ada");
        cache.put("ada", 1);
        assertThat(stored("ada")).isEqualTo(1);
    }

    @Test
    void aValueThatWasThereBeforeTheLookupIsNotPutIfAbsent() {
        assertThat(cache.putIfAbsent("ada", "old")).isNull();
        assertThat(stored("ada")).isNull();
        cache.get("ada");
        cache.put("ada", 1);
        assertThat(cache.putIfAbsent("ada", 2))
                .isNotNull()
                .satisfies(found -> assertThat(found.get()).isEqualTo(1));
    }
}
