package io.pgevents.sample.profile;

import java.util.Map;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;

/** The page of a profile. Its first counters come with it; from then on it follows the stream. */
@Controller
class ProfilePage {

    private final Template page = Template.load("profile.html");
    private final Template nobody = Template.load("unknown-profile.html");
    private final Profiles profiles;

    ProfilePage(Profiles profiles) {
        this.profiles = profiles;
    }

    @GetMapping("/profile/{name}")
    ResponseEntity<String> show(@PathVariable String name) {
        return html(HttpStatus.OK, page.fill(words(profiles.get(name))));
    }

    @ExceptionHandler
    ResponseEntity<String> unknown(ProfileException.Unknown exception) {
        return html(HttpStatus.NOT_FOUND, nobody.fill(Map.of("name", exception.name())));
    }

    private static Map<String, String> words(Profile profile) {
        return Map.of(
                "name", profile.name(),
                "displayName", profile.displayName(),
                "initial", Character.toString(profile.displayName().codePointAt(0)),
                "bio", profile.bio(),
                "colour", profile.colour(),
                "following", Long.toString(profile.following()),
                "followers", Long.toString(profile.followers()),
                "likes", Long.toString(profile.likes()));
    }

    private static ResponseEntity<String> html(HttpStatus status, String body) {
        return ResponseEntity.status(status).contentType(MediaType.TEXT_HTML).body(body);
    }
}
