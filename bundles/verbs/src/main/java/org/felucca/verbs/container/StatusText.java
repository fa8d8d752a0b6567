package org.felucca.verbs.container;

import java.time.Duration;
import java.time.Instant;
import org.felucca.api.container.Container;
import org.felucca.api.runtime.TaskExit;

/** Where a container is in its life, as docker says it: {@code Up 3 minutes}, {@code Exited (0) 2 hours ago}. Stateless. */
final class StatusText {
    private StatusText() {}

    static String of(Container container, Instant now) {
        String since =
                container.started().map(start -> "Up " + span(start, now)).orElse("Up");
        return switch (container.state()) {
            case CREATED -> "Created";
            case RUNNING -> since;
            case PAUSED -> since + " (Paused)";
            case EXITED -> container.exit().map(exit -> exited(exit, now)).orElse("Exited");
            case REMOVING -> "Removing";
            case ORPHANED -> "Orphaned (" + container.note() + ")";
        };
    }

    private static String exited(TaskExit exit, Instant now) {
        String status =
                exit.status().fold(Integer::toString, signal -> Integer.toString(128 + signal), reason -> "unknown");
        return "Exited (" + status + ") " + span(exit.at(), now) + " ago";
    }

    private static String span(Instant from, Instant to) {
        long seconds = Math.max(0, Duration.between(from, to).toSeconds());
        if (seconds < 1) {
            return "less than a second";
        } else if (seconds < 60) {
            return seconds == 1 ? "1 second" : seconds + " seconds";
        } else if (seconds < 3600) {
            return seconds < 120 ? "about a minute" : seconds / 60 + " minutes";
        }
        long hours = Math.round(seconds / 3600.0);
        if (hours < 48) {
            return hours == 1 ? "about an hour" : hours + " hours";
        }
        long days = hours / 24;
        return days < 14 ? days + " days" : days < 60 ? days / 7 + " weeks" : days / 30 + " months";
    }
}
