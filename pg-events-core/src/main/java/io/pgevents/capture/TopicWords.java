package io.pgevents.capture;

import java.util.regex.Pattern;

/** The names of schemas and tables as words of topics. Different names are different words. */
final class TopicWords {

    private static final Pattern FOREIGN = Pattern.compile("[^\\p{L}\\p{N}_]");

    private TopicWords() {}

    /** A name whose foreign characters are replaced by their number: {@code Odd Name} becomes {@code Odd-20-Name}. */
    static String word(String name) {
        // The hyphen could stand in a word, but here it is what tells the numbers from the text.
        return FOREIGN.matcher(name)
                .replaceAll(found -> "-" + Integer.toHexString(found.group().codePointAt(0)) + "-");
    }
}
