package io.pgevents.support;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;

/** Makes a thread of each task, and remembers it. */
public final class Threads implements Executor {

    private final List<Thread> started = new ArrayList<>();

    @Override
    public void execute(Runnable task) {
        Thread thread = new Thread(task);
        synchronized (started) {
            started.add(thread);
        }
        thread.start();
    }

    /** Waits for all threads; no task may be given any more, but by one of them. */
    public void join() {
        try {
            for (int i = 0; i < started.size(); i++) {
                started.get(i).join();
            }
        } catch (InterruptedException ex) {
            throw new IllegalStateException(ex);
        }
    }
}
