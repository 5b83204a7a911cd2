package io.pgevents.dispatch;

/** One round of a worker: claim, handle, finish. Called by several workers at a time. */
interface Pass {

    /**
     * Makes one round.
     *
     * @throws RuntimeException if the database failed; in transactional mode what was claimed is free again, and no attempt
     *     has been counted but those that were counted beforehand
     */
    Outcome run();
}
