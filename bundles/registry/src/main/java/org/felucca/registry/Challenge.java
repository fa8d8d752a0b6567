package org.felucca.registry;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * One challenge of a {@code WWW-Authenticate} header.
 *
 * @param scheme in lower case: {@code bearer}, {@code basic}
 * @param parameters by lower-case name
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1">RFC 9110, section 11.6.1</a>
 */
record Challenge(String scheme, Map<String, String> parameters) {

    /** Reads the challenges of all headers of that name, in order; what is malformed ends its header. */
    static List<Challenge> parse(List<String> headers) {
        List<Challenge> challenges = new ArrayList<>();
        for (String header : headers) {
            new Reader(header).into(challenges);
        }
        return challenges;
    }

    /** A parameter, or the empty string. */
    String parameter(String name) {
        return parameters.getOrDefault(name, "");
    }

    /** Walks one header: {@code scheme name=value, name="value", scheme …}. */
    private static final class Reader {
        private final String text;
        private int at;

        Reader(String text) {
            this.text = text;
        }

        void into(List<Challenge> challenges) {
            String word = token();
            while (!word.isEmpty()) {
                Map<String, String> parameters = new LinkedHashMap<>();
                challenges.add(new Challenge(word.toLowerCase(Locale.ROOT), parameters));
                word = parameters(parameters);
            }
        }

        /** Fills in parameters; returns the scheme of the next challenge, or the empty string at the end. */
        private String parameters(Map<String, String> parameters) {
            while (true) {
                skipBlanksAndCommas();
                String name = token();
                skipBlanks();
                if (name.isEmpty() || at >= text.length() || text.charAt(at) != '=') {
                    return name;
                }
                at++;
                skipBlanks();
                String value = at < text.length() && text.charAt(at) == '"' ? quoted() : token();
                parameters.put(name.toLowerCase(Locale.ROOT), value);
            }
        }

        private String token() {
            int start = at;
            while (at < text.length() && " \t,=\"".indexOf(text.charAt(at)) < 0) {
                at++;
            }
            return text.substring(start, at);
        }

        private String quoted() {
            StringBuilder value = new StringBuilder();
            at++;
            while (at < text.length() && text.charAt(at) != '"') {
                if (text.charAt(at) == '\\' && at + 1 < text.length()) {
                    at++;
                }
                value.append(text.charAt(at++));
            }
            at = Math.min(at + 1, text.length());
            return value.toString();
        }

        private void skipBlanks() {
            while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '\t')) {
                at++;
            }
        }

        private void skipBlanksAndCommas() {
            skipBlanks();
            while (at < text.length() && text.charAt(at) == ',') {
                at++;
                skipBlanks();
            }
        }
    }
}
