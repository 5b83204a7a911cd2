package io.pgevents.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pgevents.relay.Relay;
import io.pgevents.sample.browser.Browser;
import io.pgevents.sample.browser.BrowserWindow;
import io.pgevents.sample.browser.CuttableLine;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.boot.test.context.SpringBootTest.WebEnvironment;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.jdbc.core.simple.JdbcClient;

/** The profile page in windows of a real browser. Skipped where there is no Chromium. */
@SpringBootTest(
        webEnvironment = WebEnvironment.RANDOM_PORT,
        properties = {
            "pg-events.embedded-postgres.data-directory=",
            "shop.payment-failure-rate=0",
            "shop.payment-retry-delay=20ms"
        })
@Timeout(180)
class ProfileBrowserIntegrationTests {

    private static Browser browser;

    private final List<BrowserWindow> windows = new ArrayList<>();
    private final JdbcClient jdbc;
    private final Relay relay;
    private final int port;

    ProfileBrowserIntegrationTests(@Autowired JdbcClient jdbc, @Autowired Relay relay, @LocalServerPort int port) {
        this.jdbc = jdbc;
        this.relay = relay;
        this.port = port;
    }

    @BeforeAll
    static void startBrowser() throws IOException {
        browser = Browser.start();
    }

    @AfterAll
    static void endBrowser() {
        if (browser != null) {
            browser.close();
        }
    }

    @AfterEach
    void closeWindows() {
        windows.forEach(BrowserWindow::close);
    }

    @Test
    void movesTheCountersOfAllWindowsWithAClickInOne() {
        BrowserWindow one = open("grace");
        BrowserWindow other = open("grace");
        long likes = count(one, "likes");

        one.click("#like");

        awaitCount(one, "likes", likes + 1);
        awaitCount(other, "likes", likes + 1);
        other.pressEnterOn("#like");
        awaitCount(one, "likes", likes + 2);
        awaitCount(other, "likes", likes + 2);
    }

    @Test
    void followsAndUnfollowsInAllWindows() {
        jdbc.sql("DELETE FROM follow WHERE followee = 'edsger'").update();
        BrowserWindow one = open("edsger");
        BrowserWindow other = open("edsger");
        awaitCount(one, "followers", 0);

        one.click("#follow");

        awaitCount(one, "followers", 1);
        awaitCount(other, "followers", 1);
        patiently().until(() -> one.text("#follow-text").equals("Following"));
        patiently().until(() -> other.text("#crowd-text").startsWith("Followed by"));
        one.click("#follow");
        awaitCount(one, "followers", 0);
        awaitCount(other, "followers", 0);
    }

    @Test
    void endsWithTheRightNumberInEveryWindowAfterAThousandClicksOfAScript() {
        ProfileClient ada = new ProfileClient(port, "ada");
        BrowserWindow one = open("ada");
        BrowserWindow other = open("ada");
        long likes = count(one, "likes");

        assertThat(ada.like(1_000, 16)).hasSize(1_000).containsOnly(204);

        awaitCount(one, "likes", likes + 1_000);
        awaitCount(other, "likes", likes + 1_000);
        patiently().untilAsserted(() -> assertThat(ada.likes()).isEqualTo(likes + 1_000));
    }

    @Test
    void endsWithTheRightNumberInEveryWindowAfterAThousandClicksInOne() {
        ProfileClient radia = new ProfileClient(port, "radia");
        BrowserWindow one = open("radia");
        BrowserWindow other = open("radia");
        long likes = count(one, "likes");

        one.run("for (let i = 0; i < 1000; i++) document.getElementById('like').click()");

        awaitCount(one, "likes", likes + 1_000);
        awaitCount(other, "likes", likes + 1_000);
        patiently().untilAsserted(() -> assertThat(radia.likes()).isEqualTo(likes + 1_000));
    }

    @Test
    void hasTheRightNumberAfterAReloadInTheMiddle() {
        BrowserWindow window = open("hedy");
        long likes = count(window, "likes");
        ProfileClient hedy = new ProfileClient(port, "hedy");

        AtomicBoolean reloaded = new AtomicBoolean();
        CompletableFuture<List<Integer>> clicks = CompletableFuture.supplyAsync(() -> {
            List<Integer> answers = new ArrayList<>();
            while (!reloaded.get()) {
                answers.addAll(hedy.like(50, 8));
            }
            return answers;
        });
        patiently().until(() -> count(window, "likes") > likes);
        window.reload();
        patiently().until(() -> window.text("#link-text").equals("Live"));
        reloaded.set(true);

        assertThat(clicks.join()).containsOnly(204);
        awaitCount(window, "likes", likes + clicks.join().size());
        patiently().until(() -> window.text("#link-text").equals("Live"));
    }

    @Test
    void comesBackWithTheRightNumberAfterTheConnectionWasLost() throws IOException {
        try (CuttableLine line = new CuttableLine(port)) {
            BrowserWindow window = openAt(line.port(), "barbara");
            long likes = count(window, "likes");

            line.cut();
            patiently().until(() -> window.text("#link-text").startsWith("Offline"));
            new ProfileClient(port, "barbara").like(50, 4);
            assertThat(count(window, "likes")).isEqualTo(likes);
            line.mend();

            awaitCount(window, "likes", likes + 50);
            patiently().until(() -> window.text("#link-text").equals("Live"));
            jdbc.sql("UPDATE profile SET likes = likes + 1 WHERE name = 'barbara'")
                    .update();
            awaitCount(window, "likes", likes + 51);
        }
    }

    @Test
    void comesBackByItselfAfterThereWasNoRoomForItAtAll() {
        BrowserWindow window = open("edsger");
        long likes = count(window, "likes");

        relay.stop();
        try {
            patiently().until(() -> window.text("#link-text").startsWith("Offline"));
            patiently().until(() -> relay.statistics().refused() > 0);
            new ProfileClient(port, "edsger").like(5, 1);
        } finally {
            relay.start();
        }

        awaitCount(window, "likes", likes + 5);
        patiently().until(() -> window.text("#link-text").equals("Live"));
    }

    @Test
    void isRightAgainAfterTheBrowserWasStoppedUnderTraffic() throws Exception {
        ProfileClient grace = new ProfileClient(port, "grace");
        BrowserWindow one = open("grace");
        BrowserWindow other = open("grace");
        long likes = count(one, "likes");

        browser.freeze();
        try {
            assertThat(grace.like(1_500, 16)).hasSize(1_500).containsOnly(204);
        } finally {
            browser.thaw();
        }

        awaitCount(one, "likes", likes + 1_500);
        awaitCount(other, "likes", likes + 1_500);
        one.click("#like");
        awaitCount(other, "likes", likes + 1_501);
    }

    @Test
    void fitsLargeAndSmallWindowsInLightAndDark() throws IOException {
        BrowserWindow window = open("ada");
        patiently().until(() -> window.text("#people").contains("Grace"));

        for (String scheme : List.of("light", "dark")) {
            window.photograph(1280, 940, scheme, picture("profile-" + scheme));
            assertThat(isTooWide(window)).isFalse();
            window.photograph(390, 1500, scheme, picture("profile-phone-" + scheme));
            assertThat(isTooWide(window)).isFalse();
        }
    }

    @Test
    void movesNothingForThoseWhoAskForThat() throws IOException {
        BrowserWindow window = open("ada");
        window.photograph(800, 1000, "light", picture("profile-calm"));
        long likes = count(window, "likes");

        window.click("#like");

        awaitCount(window, "likes", likes + 1);
        assertThat(window.run("document.getAnimations().length").asInt()).isZero();
    }

    @Test
    void leadsFromANameThatNobodyHasToThoseThatExist() throws IOException {
        BrowserWindow window = browser.open("http://localhost:" + port + "/profile/nobody");
        windows.add(window);
        patiently().until(() -> window.text("#people").contains("Grace"));
        window.photograph(1280, 940, "light", picture("nobody"));

        window.click("#people a");

        patiently()
                .until(() ->
                        window.run("document.body.dataset.profile").asString("").equals("ada"));
    }

    private static Path picture(String name) {
        return Path.of("target", "pictures", name + ".png");
    }

    private static boolean isTooWide(BrowserWindow window) {
        return window.run("document.documentElement.scrollWidth > innerWidth").asBoolean();
    }

    private BrowserWindow open(String name) {
        return openAt(port, name);
    }

    private BrowserWindow openAt(int port, String name) {
        BrowserWindow window = browser.open("http://localhost:" + port + "/profile/" + name);
        windows.add(window);
        patiently().until(() -> window.text("#link-text").equals("Live"));
        patiently()
                .until(() -> !window.run("document.getElementById('follow').disabled")
                        .asBoolean());
        return window;
    }

    private static long count(BrowserWindow window, String counter) {
        return window.run("Number(document.querySelector('[data-counter=" + counter + "] data').value)")
                .asLong();
    }

    private static ConditionFactory patiently() {
        return await().atMost(Duration.ofSeconds(30));
    }

    private static void awaitCount(BrowserWindow window, String counter, long expected) {
        patiently().untilAsserted(() -> assertThat(count(window, counter)).isEqualTo(expected));
    }
}
