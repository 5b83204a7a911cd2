package io.pgevents.sample.profile;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.springframework.core.io.ClassPathResource;
import org.springframework.web.util.HtmlUtils;

/** HTML with words in double braces, to be filled in as text. */
record Template(String html) {

    private static final Pattern WORD = Pattern.compile("\\{\\{(\\w+)}}");

    static Template load(String file) {
        try {
            return new Template(new ClassPathResource("templates/" + file).getContentAsString(StandardCharsets.UTF_8));
        } catch (IOException ex) {
            throw new UncheckedIOException(ex);
        }
    }

    /** The HTML with all its words; one that is missing is a mistake in the template. */
    String fill(Map<String, String> words) {
        return WORD.matcher(html).replaceAll(word -> text(word, words));
    }

    private static String text(MatchResult word, Map<String, String> words) {
        String value = Objects.requireNonNull(words.get(word.group(1)), word.group());
        return Matcher.quoteReplacement(HtmlUtils.htmlEscape(value));
    }
}
