package org.felucca.shell.render;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.felucca.api.image.Progress;
import org.felucca.api.process.WindowSize;

/**
 * Progress for one caller: bars that are redrawn in place on a terminal, one line for each change of phase otherwise.
 * Thread-safe; guarded by its own lock, under which it writes (that is what keeps lines whole). A caller that has gone
 * is ignored: the verb learns of it by its interrupt.
 */
public final class ProgressDisplay implements Progress {
    private static final Duration REDRAW = Duration.ofMillis(100);
    private static final int BAR = 30;
    private static final int ITEM = 20;
    private static final int NARROWEST = 60;

    private final OutputStream out;
    private final Optional<WindowSize> terminal;
    private final InstantSource clock;
    private final Map<String, Update> items = new LinkedHashMap<>();
    private Instant lastDraw = Instant.MIN;
    private int drawn;
    private boolean ended;

    /**
     * @param out where it goes
     * @param terminal the size, if that is a terminal
     */
    public ProgressDisplay(OutputStream out, Optional<WindowSize> terminal, InstantSource clock) {
        this.out = out;
        this.terminal = terminal;
        this.clock = clock;
    }

    @Override
    public synchronized void update(Update update) {
        if (ended) {
            return;
        }
        Update before = items.put(update.item(), update);
        boolean turn = before == null || before.phase() != update.phase();
        if (terminal.isEmpty()) {
            if (turn) {
                write(plain(update));
            }
            return;
        }
        Instant now = clock.instant();
        if (turn || !now.isBefore(lastDraw.plus(REDRAW))) {
            lastDraw = now;
            draw();
        }
    }

    /** Shows nothing more. The last phase of each item is on the screen, where other output may have followed it. */
    public synchronized void end() {
        ended = true;
    }

    private static String plain(Update update) {
        String size = update.total() > 0 ? " " + Humane.bytes(update.total()) : "";
        return update.item() + ": " + words(update.phase()) + size + "\n";
    }

    private void draw() {
        int rows = terminal.map(WindowSize::rows).orElse(0);
        int columns = Math.max(NARROWEST, terminal.map(WindowSize::columns).orElse(NARROWEST));
        int most = rows > 1 ? rows - 1 : items.size();
        StringBuilder text = new StringBuilder();
        if (drawn > 0) {
            text.append("\u001b[").append(drawn).append('A');
        }
        // A terminal cannot go up beyond its first row: what does not fit is summed up.
        boolean all = items.size() <= most;
        int shown = all ? items.size() : most - 1;
        items.values().stream().limit(shown).forEach(item -> text.append(row(bar(item), columns)));
        if (!all) {
            long open = items.values().stream()
                    .skip(shown)
                    .filter(item -> item.phase() != Phase.DONE && item.phase() != Phase.EXISTS)
                    .count();
            text.append(row("... and " + (items.size() - shown) + " more, " + open + " to do", columns));
        }
        drawn = all ? shown : shown + 1;
        write(text.toString());
    }

    private static String row(String text, int columns) {
        String cut = text.length() < columns ? text : text.substring(0, columns - 1);
        return cut + "\u001b[K\r\n";
    }

    private static String bar(Update item) {
        String name = item.item().length() > ITEM ? item.item() : String.format("%-" + ITEM + "s", item.item());
        String start = name + " " + String.format("%-12s", words(item.phase()));
        if (item.total() <= 0 || item.phase() == Phase.DONE || item.phase() == Phase.EXISTS) {
            return start.stripTrailing();
        }
        int full = (int) Math.min(BAR, Math.max(0, item.current() * BAR / item.total()));
        return start + "[" + "=".repeat(full) + (full < BAR ? ">" : "") + " ".repeat(Math.max(0, BAR - full - 1)) + "] "
                + Humane.bytes(item.current()) + "/" + Humane.bytes(item.total());
    }

    private static String words(Phase phase) {
        return switch (phase) {
            case IMPORTING -> "importing";
            case EXISTS -> "already here";
            case WAITING, RESOLVING, DOWNLOADING, UPLOADING, UNPACKING, DONE ->
                phase.name().toLowerCase(Locale.ROOT);
        };
    }

    private void write(String text) {
        try {
            out.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            ended = true;
        }
    }
}
