package org.felucca.registry.toml;

import java.util.regex.Pattern;

/** The characters of a document and its smallest parts: keys, strings, numbers. Confined to one thread. */
final class TomlScanner {
    private static final char END = '\uffff';
    private static final Pattern DECIMAL = Pattern.compile("[+-]?(0|[1-9](_?[0-9])*)");
    private static final Pattern BASED =
            Pattern.compile("0x[0-9A-Fa-f](_?[0-9A-Fa-f])*|0o[0-7](_?[0-7])*|0b[01](_?[01])*");
    private static final Pattern FLOAT =
            Pattern.compile("[+-]?((0|[1-9](_?[0-9])*)(\\.[0-9](_?[0-9])*)?([eE][+-]?[0-9](_?[0-9])*)?|inf|nan)");
    private static final String TIME = "([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\\.[0-9]+)?";
    private static final Pattern MOMENT =
            Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt ]" + TIME + "([Zz]|[+-][0-9]{2}:[0-9]{2})?)?|" + TIME);

    private final String text;
    private int at;
    private int line = 1;

    TomlScanner(String text) {
        this.text = text;
    }

    int line() {
        return line;
    }

    boolean atEnd() {
        return at >= text.length();
    }

    boolean take(char wanted) {
        if (peek() != wanted || atEnd()) {
            return false;
        }
        at++;
        return true;
    }

    void expect(char wanted, String rule) throws TomlException {
        if (!take(wanted)) {
            throw wrong(rule);
        }
    }

    void skipBlanks() {
        while (peek() == ' ' || peek() == '\t') {
            at++;
        }
    }

    /** Skips blanks, comments and ends of lines. */
    void skipLines() throws TomlException {
        do {
            skipBlanks();
            skipComment();
        } while (takeLineEnd());
    }

    /** Requires that nothing but a comment is left of the line. */
    void endLine() throws TomlException {
        skipBlanks();
        skipComment();
        if (!atEnd() && !takeLineEnd()) {
            throw wrong("a line holds one key and its value, or one header");
        }
    }

    private void skipComment() throws TomlException {
        if (take('#')) {
            while (!atEnd() && peek() != '\n' && !text.startsWith("\r\n", at)) {
                requirePrintable(peek());
                at++;
            }
        }
    }

    private boolean takeLineEnd() {
        if (text.startsWith("\r\n", at)) {
            at += 2;
        } else if (!take('\n')) {
            return false;
        }
        line++;
        return true;
    }

    String key() throws TomlException {
        if (peek() == '"' || peek() == '\'') {
            return text.startsWith("\"\"\"", at) || text.startsWith("'''", at) ? badKey() : string();
        }
        int start = at;
        while (isBare(peek())) {
            at++;
        }
        return start == at ? badKey() : text.substring(start, at);
    }

    private String badKey() throws TomlException {
        throw wrong("a key was expected: letters, digits, '-' and '_', or a string of one line in quotes");
    }

    private static boolean isBare(char c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '-' || c == '_';
    }

    TomlValue scalar() throws TomlException {
        int from = line;
        if (peek() == '"' || peek() == '\'') {
            return new TomlValue.Text(string(), from);
        }
        int start = at;
        while (isBare(peek()) || peek() == '+' || peek() == '.' || peek() == ':' || isBlankInMoment(start)) {
            at++;
        }
        String word = text.substring(start, at);
        return switch (word) {
            case "true" -> new TomlValue.Truth(true, from);
            case "false" -> new TomlValue.Truth(false, from);
            case "" -> throw wrong("a value was expected");
            default -> number(word, from);
        };
    }

    /** A date and a time may be parted by one blank. */
    private boolean isBlankInMoment(int start) {
        return peek() == ' '
                && at - start == 10
                && text.charAt(start + 4) == '-'
                && at + 1 < text.length()
                && Character.isDigit(text.charAt(at + 1));
    }

    private TomlValue number(String word, int from) throws TomlException {
        String digits = word.replace("_", "");
        try {
            if (DECIMAL.matcher(word).matches()) {
                return new TomlValue.Whole(Long.parseLong(digits), from);
            }
            if (BASED.matcher(word).matches()) {
                int radix = word.charAt(1) == 'x' ? 16 : word.charAt(1) == 'o' ? 8 : 2;
                return new TomlValue.Whole(Long.parseLong(digits.substring(2), radix), from);
            }
        } catch (NumberFormatException e) {
            throw new TomlException(from, word + " has more than 64 bits");
        }
        if (FLOAT.matcher(word).matches()) {
            return new TomlValue.Real(real(digits), from);
        }
        if (MOMENT.matcher(word).matches()) {
            return new TomlValue.Moment(word, from);
        }
        throw new TomlException(from, "'" + word + "' is no value; a string stands in quotes");
    }

    private static double real(String digits) {
        if (digits.endsWith("nan")) {
            return Double.NaN;
        }
        if (digits.endsWith("inf")) {
            return digits.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        }
        return Double.parseDouble(digits);
    }

    private String string() throws TomlException {
        char quote = peek();
        String three = String.valueOf(quote).repeat(3);
        if (text.startsWith(three, at)) {
            at += 3;
            takeLineEnd();
            return lines(quote, three);
        }
        at++;
        StringBuilder value = new StringBuilder();
        while (!take(quote)) {
            if (atEnd() || peek() == '\n' || peek() == '\r') {
                throw wrong("a string ends on its line with " + quote);
            }
            character(value, quote);
        }
        return value.toString();
    }

    /** A string over several lines, up to its three quotes; up to two more before them belong to it. */
    private String lines(char quote, String three) throws TomlException {
        StringBuilder value = new StringBuilder();
        while (true) {
            if (text.startsWith(three, at)) {
                at += 3;
                for (int more = 0; more < 2 && take(quote); more++) {
                    value.append(quote);
                }
                return value.toString();
            }
            if (atEnd()) {
                throw wrong("a string over several lines ends with " + three);
            }
            if (takeLineEnd()) {
                value.append('\n');
            } else if (quote == '"' && isFolded()) {
                at++;
                skipBlanks();
                while (takeLineEnd()) {
                    skipBlanks();
                }
            } else {
                character(value, quote);
            }
        }
    }

    /** Whether a backslash ends the line: it takes all blanks up to the next character with it. */
    private boolean isFolded() {
        int next = at + 1;
        while (next < text.length() && (text.charAt(next) == ' ' || text.charAt(next) == '\t')) {
            next++;
        }
        return peek() == '\\' && (text.startsWith("\n", next) || text.startsWith("\r\n", next));
    }

    private void character(StringBuilder value, char quote) throws TomlException {
        char c = text.charAt(at);
        if (c == '\\' && quote == '"') {
            at++;
            escape(value);
            return;
        }
        requirePrintable(c);
        value.append(c);
        at++;
    }

    private void escape(StringBuilder value) throws TomlException {
        char c = peek();
        switch (c) {
            case 'b' -> value.append('\b');
            case 't' -> value.append('\t');
            case 'n' -> value.append('\n');
            case 'f' -> value.append('\f');
            case 'r' -> value.append('\r');
            case '"', '\\' -> value.append(c);
            case 'u' -> codePoint(value, 4);
            case 'U' -> codePoint(value, 8);
            default -> throw wrong("'\\" + (atEnd() ? "" : c) + "' is no escape; in '...' a backslash is one");
        }
        at++;
    }

    /** Leaves the position at the last digit. */
    private void codePoint(StringBuilder value, int digits) throws TomlException {
        int from = at + 1;
        String hex = text.substring(from, Math.min(text.length(), from + digits));
        if (!hex.matches("[0-9A-Fa-f]{" + digits + "}")) {
            throw wrong("an escape has " + digits + " hexadecimal digits");
        }
        long code = Long.parseLong(hex, 16);
        if (code > Character.MAX_CODE_POINT || code >= Character.MIN_SURROGATE && code <= Character.MAX_SURROGATE) {
            throw wrong("U+" + hex + " is no character");
        }
        value.appendCodePoint((int) code);
        at += digits;
    }

    private void requirePrintable(char c) throws TomlException {
        if (c < ' ' && c != '\t' || c == 0x7f) {
            throw wrong("control character " + (int) c + " is not allowed here");
        }
    }

    private char peek() {
        return atEnd() ? END : text.charAt(at);
    }

    private TomlException wrong(String rule) {
        return new TomlException(line, rule);
    }
}
