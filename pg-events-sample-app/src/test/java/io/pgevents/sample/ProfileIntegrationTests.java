package io.pgevents.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgevents.relay.Relay;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.JsonNode;

@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "pg-events.embedded-postgres.data-directory=",
            "shop.payment-failure-rate=0",
            "shop.payment-retry-delay=20ms"
        })
class ProfileIntegrationTests {

    private final JdbcClient jdbc;
    private final Relay relay;
    private final int port;

    ProfileIntegrationTests(@Autowired JdbcClient jdbc, @Autowired Relay relay, @LocalServerPort int port) {
        this.jdbc = jdbc;
        this.relay = relay;
        this.port = port;
    }

    @Test
    void countsEachOfManyLikesAtOnce() {
        ProfileClient ada = profile("ada");
        long before = ada.likes();

        List<Integer> answers = ada.like(1_000, 16);

        assertThat(answers).hasSize(1_000).containsOnly(204);
        assertThat(inDatabase("likes", "ada")).isEqualTo(before + 1_000);
        await().untilAsserted(() -> assertThat(ada.likes()).isEqualTo(before + 1_000));
    }

    @Test
    void hasTheCountersOfEveryChangeInTheCacheWhoeverMakesIt() {
        ProfileClient barbara = profile("barbara");
        for (int i = 0; i < 20; i++) {
            long before = barbara.likes();
            jdbc.sql("UPDATE profile SET likes = likes + 7 WHERE name = 'barbara'")
                    .update();
            await().untilAsserted(() -> assertThat(barbara.likes()).isEqualTo(before + 7));
        }
        assertThat(barbara.counters().propertyNames()).containsExactlyInAnyOrder("following", "followers", "likes");
    }

    /** Of a profile that no other test here changes: a change that is late would be one more. */
    @Test
    void streamsTheCountersFirstAndThenEachChange() throws IOException {
        long before = profile("edsger").likes();
        try (ProfileWatcher watcher = new ProfileWatcher(profile("edsger"))) {
            await().untilAsserted(() -> assertThat(watcher.count("likes")).isEqualTo(before));
            profile("hedy").like();
            profile("edsger").like();

            await().untilAsserted(() -> assertThat(watcher.count("likes")).isEqualTo(before + 1));
            assertThat(watcher.kinds()).containsExactly("counters", "counters");
        }
    }

    @Test
    void goesOnInAnOpenWindowWhenARowIsReplaced() throws IOException {
        jdbc.sql("INSERT INTO profile (name, display_name, bio, colour) VALUES ('lynn', 'Lynn', '', 'blue')")
                .update();
        profile("lynn").like(5, 1);
        try (ProfileWatcher watcher = new ProfileWatcher(profile("lynn"))) {
            await().until(() -> watcher.count("likes") == 5);
            jdbc.sql("DELETE FROM profile WHERE name = 'lynn'").update();
            jdbc.sql("INSERT INTO profile (name, display_name, bio, colour) VALUES ('lynn', 'Lynn', '', 'rose')")
                    .update();
            await().until(() -> watcher.count("likes") == 0);
            profile("lynn").like();
            await().until(() -> watcher.count("likes") == 1);
        }
    }

    @Test
    void streamsTheRightNumbersToAllWhileManyClickAndMoreConnect() throws IOException {
        ProfileClient hedy = profile("hedy");
        long before = hedy.likes();
        List<ProfileWatcher> watchers =
                Stream.generate(() -> new ProfileWatcher(hedy)).limit(3).toList();
        CompletableFuture<List<Integer>> clicks = CompletableFuture.supplyAsync(() -> hedy.like(1_000, 16));
        await().until(() -> watchers.get(0).count("likes") > before + 100);
        List<ProfileWatcher> late =
                Stream.generate(() -> new ProfileWatcher(hedy)).limit(3).toList();

        assertThat(clicks.join()).containsOnly(204);
        for (ProfileWatcher watcher :
                Stream.concat(watchers.stream(), late.stream()).toList()) {
            await().untilAsserted(() -> assertThat(watcher.count("likes"))
                    .as(() -> relay.statistics() + " and " + watcher.kinds())
                    .isEqualTo(before + 1_000));
            watcher.close();
        }
    }

    @Test
    void bothersNobodyWhenBrowsersLeaveInTheMiddle() throws IOException {
        ProfileClient ada = profile("ada");
        awaitNoClient();
        try (Warnings warnings = Warnings.of("io.pgevents", "org.apache", "org.springframework.web")) {
            for (int i = 0; i < 5; i++) {
                List<ProfileWatcher> watchers =
                        Stream.generate(() -> new ProfileWatcher(ada)).limit(10).toList();
                await().until(() -> watchers.stream().allMatch(watcher -> watcher.count("likes") > 0));
                CompletableFuture<List<Integer>> clicks = CompletableFuture.supplyAsync(() -> ada.like(100, 4));
                for (ProfileWatcher watcher : watchers) {
                    watcher.close();
                }
                assertThat(clicks.join()).containsOnly(204);
                awaitNoClient();
            }
            assertThat(warnings.soFar()).isEmpty();
        }
    }

    /** That a browser has left is noticed by what is written to it, a heartbeat at the latest, or the one after. */
    private void awaitNoClient() {
        await().atMost(Duration.ofMinutes(1)).until(() -> relay.statistics().clients() == 0);
    }

    @Test
    void countsFollowersOnBothSidesAndEachOnlyOnce() {
        ProfileClient radia = profile("radia");
        long followers = inDatabase("followers", "radia");
        long following = inDatabase("following", "hedy");

        assertThat(radia.follow("hedy")).isEqualTo(204);
        assertThat(radia.follow("hedy")).isEqualTo(204);
        assertThat(inDatabase("followers", "radia")).isEqualTo(followers + 1);
        assertThat(inDatabase("following", "hedy")).isEqualTo(following + 1);
        assertThat(radia.json("/followers?as=hedy").get("following").asBoolean())
                .isTrue();
        assertThat(radia.json("/followers?as=hedy")
                        .get("newest")
                        .get(0)
                        .get("name")
                        .asString())
                .isEqualTo("hedy");
        assertThat(radia.unfollow("hedy")).isEqualTo(204);
        assertThat(radia.unfollow("hedy")).isEqualTo(204);
        assertThat(inDatabase("followers", "radia")).isEqualTo(followers);
        assertThat(inDatabase("following", "hedy")).isEqualTo(following);
        assertThat(radia.json("/followers?as=hedy").get("following").asBoolean())
                .isFalse();
    }

    @Test
    void countsRightWhenManyFollowEachOtherAtTheSameTime() {
        List<String> names = List.of("ada", "grace", "hedy", "radia");
        ExecutorService visitors = Executors.newFixedThreadPool(16);
        List<Integer> answers = IntStream.range(0, 400)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> anyFollow(names, i), visitors))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();
        visitors.shutdown();

        assertThat(answers).containsOnly(204);
        assertThat(jdbc.sql("SELECT name FROM profile p"
                                + " WHERE followers <> (SELECT count(*) FROM follow WHERE followee = p.name)"
                                + " OR following <> (SELECT count(*) FROM follow WHERE follower = p.name)")
                        .query(String.class)
                        .list())
                .isEmpty();
    }

    private int anyFollow(List<String> names, int number) {
        String name = names.get(number % names.size());
        String visitor = names.get((number % names.size() + 1 + number / 4 % 3) % names.size());
        return number / 12 % 2 == 0
                ? profile(name).follow(visitor)
                : profile(name).unfollow(visitor);
    }

    @Test
    void knowsNobodyWhoHasNoProfile() {
        ProfileClient nobody = profile("nobody");

        assertThat(nobody.like()).isEqualTo(404);
        assertThat(nobody.follow("ada")).isEqualTo(404);
        assertThat(profile("ada").follow("nobody")).isEqualTo(404);
        assertThat(nobody.get("/counters").statusCode()).isEqualTo(404);
        assertThat(nobody.json("/counters").get("detail").asString()).contains("no profile nobody", "GET /profiles");
        assertThat(nobody.stream().statusCode()).isEqualTo(404);
        HttpResponse<String> page = nobody.get("");
        assertThat(page.statusCode()).isEqualTo(404);
        assertThat(page.body()).contains("Nobody here is called nobody");
    }

    @Test
    void letsNobodyFollowHimself() {
        assertThat(profile("ada").follow("ada")).isEqualTo(400);
    }

    @Test
    void showsAPageThatHasTheCountersAlready() {
        HttpResponse<String> page = profile("edsger").get("");

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.headers().firstValue("Content-Type")).get().asString().startsWith("text/html");
        assertThat(page.body())
                .contains("<title>Edsger · Order shop</title>")
                .contains("<data value=\"" + inDatabase("likes", "edsger") + "\">")
                .doesNotContain("{{");
        assertThat(Stream.of("/profile.css", "/js/profile.js", "/js/stream.js", "/js/people.js"))
                .allSatisfy(path -> assertThat(
                                new ShopClient(port).page(path).getStatusCode().is2xxSuccessful())
                        .isTrue());
    }

    @Test
    void writesWhatADatabaseSaysAsTextIntoThePage() {
        jdbc.sql(
                        "INSERT INTO profile (name, display_name, bio, colour) VALUES ('mallory', '<b>M</b>', '{{name}} $1', 'rose')")
                .update();

        assertThat(profile("mallory").get("").body()).contains("&lt;b&gt;M&lt;/b&gt;", "{{name}} $1");
        jdbc.sql("DELETE FROM profile WHERE name = 'mallory'").update();
        await().untilAsserted(() ->
                assertThat(profile("mallory").get("/counters").statusCode()).isEqualTo(404));
    }

    @Test
    void listsThoseWhoHaveAProfile() {
        JsonNode profiles = new ShopClient(port).get("/profiles").getBody();

        assertThat(profiles)
                .extracting(profile -> profile.get("name").asString())
                .contains("ada", "grace", "guest");
    }

    private ProfileClient profile(String name) {
        return new ProfileClient(port, name);
    }

    private long inDatabase(String counter, String name) {
        return jdbc.sql("SELECT " + counter + " FROM profile WHERE name = ?")
                .param(name)
                .query(Long.class)
                .single();
    }
}
