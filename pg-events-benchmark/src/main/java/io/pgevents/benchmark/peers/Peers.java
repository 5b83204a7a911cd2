package io.pgevents.benchmark.peers;

import io.pgevents.benchmark.contestant.Contestant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/** The peers by name. */
public final class Peers {

    private Peers() {}

    /** All peers in the order of the report; the keys are their names. */
    public static Map<String, Contestant.Factory> all() {
        Map<String, Contestant.Factory> peers = new LinkedHashMap<>();
        peers.put(DbSchedulerPeer.NAME, DbSchedulerPeer::new);
        peers.put(JobRunrPeer.NAME, JobRunrPeer::new);
        peers.put(ModulithPeer.NAME, ModulithPeer::new);
        peers.put(GruelboxPeer.NAME, GruelboxPeer::new);
        peers.put(GruelboxFlushPeer.NAME, GruelboxFlushPeer::new);
        peers.put(NamastackPeer.NAME, NamastackPeer::new);
        peers.put(SpringIntegrationPeer.NAME, SpringIntegrationPeer::new);
        peers.put(SpringIntegrationPushPeer.NAME, SpringIntegrationPushPeer::new);
        return Collections.unmodifiableMap(peers);
    }
}
