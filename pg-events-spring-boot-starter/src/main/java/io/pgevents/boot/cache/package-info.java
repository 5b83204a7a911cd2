/**
 * The reactive cache: what is cached from a table goes when the table changes, on every instance.
 *
 * <p>The database is authoritative, an entry is a copy of what a loader has read. A change reaches every instance through
 * the live log, a moment after its commit, and takes the entry away, or replaces it. What may not happen is that an old
 * copy stays:
 *
 * <pre>
 * loader:   miss, reads the old value ........................ stores it
 * change:          commits ...... takes the entry away (none there)
 * </pre>
 *
 * <p>So each key has a <em>generation</em>, which a change counts up before it takes the entry away. A lookup that misses
 * notes the generation, and what was loaded is stored only if it is still the same; after storing it is compared again,
 * and the entry is taken away if it has changed meanwhile. Whatever the interleaving: either the count came before that
 * last look, then the loader takes the entry away; or it came after it, then the change does, because it does so after
 * counting. Keys share generations by their hash, so a change may cost another key a lookup, never more.
 *
 * <p>A value that was loaded inside a transaction may be one that only this transaction sees, so it is stored after its
 * commit; and not at all, if the transaction reads from a snapshot that is older than the lookup. Nobody knows when a
 * value was read that is put without a lookup by the same thread, so such a put takes the entry away instead.
 *
 * <p>If changes may have been missed, the whole cache is cleared; also at each start, because a cache outside of this process
 * may have outlived those who followed its table. An entry is out of date for as long as its change is on
 * the way: milliseconds, or until the database is there again.
 */
@NullMarked
package io.pgevents.boot.cache;

import org.jspecify.annotations.NullMarked;
