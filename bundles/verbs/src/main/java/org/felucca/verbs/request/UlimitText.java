package org.felucca.verbs.request;

import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.felucca.api.container.Ulimit;

/** {@code NAME=SOFT[:HARD]} as docker writes it. Stateless. */
final class UlimitText {
    private static final Pattern FORM = Pattern.compile("([A-Za-z]+)=(-1|\\d{1,18})(?::(-1|\\d{1,18}))?");
    private static final Set<String> NAMES = Set.of(
            "as",
            "core",
            "cpu",
            "data",
            "fsize",
            "locks",
            "memlock",
            "msgqueue",
            "nice",
            "nofile",
            "nproc",
            "rss",
            "rtprio",
            "rttime",
            "sigpending",
            "stack");

    private UlimitText() {}

    static Ulimit parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw Invalid.option(
                    "ulimit", text, "it is not NAME=SOFT[:HARD]", "write nofile=1024:2048, -1 for no limit");
        }
        String name = matcher.group(1).toLowerCase(Locale.ROOT);
        if (!NAMES.contains(name)) {
            throw Invalid.option(
                    "ulimit", text, "there is no limit '" + name + "'", "use one of " + String.join(", ", sorted()));
        }
        long soft = Long.parseLong(matcher.group(2));
        long hard = matcher.group(3) == null ? soft : Long.parseLong(matcher.group(3));
        if (hard != -1 && (soft == -1 || soft > hard)) {
            throw Invalid.option("ulimit", text, "the soft limit is above the hard one", "give soft at most hard");
        }
        return new Ulimit(name, soft, hard);
    }

    private static Iterable<String> sorted() {
        return NAMES.stream().sorted().toList();
    }
}
