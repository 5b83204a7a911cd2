/** What keeps the bus healthy besides the dispatch: expired leases, retention, the trace of crashes. */
@NullMarked
package io.pgevents.maintenance;

import org.jspecify.annotations.NullMarked;
