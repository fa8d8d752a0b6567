package org.felucca.verbs.request;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Repeated {@code KEY=VALUE} options as a map; the last of a key wins. Stateless. */
final class Pairs {
    private Pairs() {}

    static Map<String, String> of(String option, List<String> texts, boolean valueNeeded) {
        Map<String, String> pairs = new LinkedHashMap<>();
        for (String text : texts) {
            int equals = text.indexOf('=');
            if (equals == 0 || text.isEmpty() || equals < 0 && valueNeeded) {
                throw Invalid.option(option, text, "it is not KEY=VALUE", "write KEY=VALUE");
            }
            pairs.put(equals < 0 ? text : text.substring(0, equals), equals < 0 ? "" : text.substring(equals + 1));
        }
        return pairs;
    }
}
