package org.felucca.shell.render;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.felucca.api.image.Progress.Phase;
import org.felucca.api.image.Progress.Update;
import org.felucca.api.process.WindowSize;
import org.junit.jupiter.api.Test;

class ProgressDisplayTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private Instant now = Instant.parse("2026-05-01T12:00:00Z");
    private final InstantSource clock = () -> now;

    private ProgressDisplay display(int rows) {
        return new ProgressDisplay(out, rows == 0 ? Optional.empty() : Optional.of(new WindowSize(rows, 100)), clock);
    }

    private String taken() {
        String text = out.toString(StandardCharsets.UTF_8);
        out.reset();
        return text;
    }

    @Test
    void plain_showsEachPhaseOnce() {
        ProgressDisplay display = display(0);
        display.update(new Update("abc", Phase.DOWNLOADING, 0, 2000));
        display.update(new Update("abc", Phase.DOWNLOADING, 1000, 2000));
        display.update(new Update("abc", Phase.DONE, 2000, 2000));
        display.update(new Update("def", Phase.EXISTS, 0, 0));
        assertEquals("abc: downloading 2kB\nabc: done 2kB\ndef: already here\n", taken());
    }

    @Test
    void terminal_redrawsInPlace() {
        ProgressDisplay display = display(24);
        display.update(new Update("abc", Phase.DOWNLOADING, 1000, 2000));
        assertEquals("abc                  downloading [===============>              ] 1kB/2kB\u001b[K\r\n", taken());
        display.update(new Update("def", Phase.WAITING, 0, 0));
        assertEquals(
                "\u001b[1Aabc                  downloading [===============>              ] 1kB/2kB\u001b[K\r\n"
                        + "def                  waiting\u001b[K\r\n",
                taken());
        display.update(new Update("abc", Phase.DONE, 2000, 2000));
        assertTrue(taken().startsWith("\u001b[2Aabc                  done\u001b[K\r\n"));
    }

    @Test
    void terminal_drawsBytesAtMostTenTimesASecond() {
        ProgressDisplay display = display(24);
        display.update(new Update("abc", Phase.DOWNLOADING, 1, 100));
        taken();
        now = now.plusMillis(50);
        display.update(new Update("abc", Phase.DOWNLOADING, 50, 100));
        assertEquals("", taken());
        now = now.plusMillis(50);
        display.update(new Update("abc", Phase.DOWNLOADING, 60, 100));
        assertTrue(taken().contains("60B/100B"));
    }

    @Test
    void terminal_withFewRows_sumsUpTheRest() {
        ProgressDisplay display = display(3);
        display.update(new Update("a", Phase.DONE, 1, 1));
        display.update(new Update("b", Phase.WAITING, 0, 0));
        taken();
        display.update(new Update("c", Phase.WAITING, 0, 0));
        assertEquals("\u001b[2Aa                    done\u001b[K\r\n... and 2 more, 2 to do\u001b[K\r\n", taken());
    }

    @Test
    void ended_showsNothingMore() {
        ProgressDisplay display = display(24);
        display.end();
        display.update(new Update("a", Phase.DONE, 1, 1));
        assertEquals("", taken());
    }
}
