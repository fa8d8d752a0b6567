package org.felucca.hcs.compile;

import java.util.List;

/**
 * Arguments as one command line, so that the rules most programs of Windows take it apart by give the arguments back.
 *
 * @see <a href="https://learn.microsoft.com/en-us/cpp/c-language/parsing-c-command-line-arguments">the rules</a>
 */
final class CommandLine {
    private CommandLine() {}

    static String of(List<String> args) {
        StringBuilder line = new StringBuilder();
        for (String arg : args) {
            if (line.length() > 0) {
                line.append(' ');
            }
            append(line, arg);
        }
        return line.toString();
    }

    private static void append(StringBuilder line, String arg) {
        boolean quoted = arg.isEmpty() || arg.indexOf(' ') >= 0 || arg.indexOf('\t') >= 0;
        if (quoted) {
            line.append('"');
        }
        int backslashes = 0;
        for (int i = 0; i < arg.length(); i++) {
            char c = arg.charAt(i);
            if (c == '\\') {
                backslashes++;
            } else {
                if (c == '"') {
                    // Backslashes count only before a quote; there each needs another, and the quote one of its own.
                    line.append("\\".repeat(backslashes + 1));
                }
                backslashes = 0;
            }
            line.append(c);
        }
        if (quoted) {
            line.append("\\".repeat(backslashes)).append('"');
        }
    }
}
