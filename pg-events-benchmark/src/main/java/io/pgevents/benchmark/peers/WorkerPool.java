package io.pgevents.benchmark.peers;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;

/** A fixed number of threads with a long queue; whoever submits to a full queue waits. */
final class WorkerPool implements Executor {

    static final int CAPACITY = 16_384;

    private final ThreadPoolExecutor threads;

    WorkerPool(String name, int size) {
        threads = new ThreadPoolExecutor(
                size,
                size,
                0,
                TimeUnit.SECONDS,
                new ArrayBlockingQueue<>(CAPACITY),
                new CustomizableThreadFactory(name + "-"),
                WorkerPool::waitForRoom);
    }

    @Override
    public void execute(Runnable task) {
        threads.execute(task);
    }

    /** How many tasks wait for a thread. */
    int waiting() {
        return threads.getQueue().size();
    }

    /** Lets what is under way finish, and forgets what waits. */
    void close() {
        threads.getQueue().clear();
        threads.shutdown();
        try {
            if (!threads.awaitTermination(10, TimeUnit.SECONDS)) {
                threads.shutdownNow();
            }
        } catch (InterruptedException interrupted) {
            threads.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private static void waitForRoom(Runnable task, ThreadPoolExecutor threads) {
        if (threads.isShutdown()) {
            throw new RejectedExecutionException("Closed");
        }
        try {
            threads.getQueue().put(task);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new RejectedExecutionException(interrupted);
        }
    }
}
