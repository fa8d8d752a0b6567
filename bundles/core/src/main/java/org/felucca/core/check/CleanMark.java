package org.felucca.core.check;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import org.felucca.oci.OciFormatException;
import org.felucca.oci.json.Json;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.json.JsonObject;
import org.felucca.oci.json.ObjectReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Knows whether the host went down under a running daemon: the file {@code clean-mark} holds the id of the boot, since
 * when nothing was verified, and whether the daemon ended in peace. A crash of the daemon alone loses nothing that was
 * written, so the boot must be another one as well. Confined to one thread at a time.
 */
public final class CleanMark {
    private static final Logger LOG = LoggerFactory.getLogger(CleanMark.class);

    private final Path file;
    private final String boot;
    private Instant since;

    private record State(String boot, Instant since, boolean clean) {}

    /**
     * Reads the mark.
     *
     * @param root the directory of the mark
     * @param boot the id of this boot of the host
     */
    public CleanMark(Path root, String boot, Instant now) {
        this.file = root.resolve("clean-mark");
        this.boot = boot;
        this.since = now;
    }

    /**
     * The daemon has started.
     *
     * @return since when what was committed is to be verified; empty if nothing is
     */
    public Optional<Instant> begin() {
        Optional<State> before = read();
        if (before.isPresent() && !before.get().clean()) {
            since = before.get().since();
            if (!before.get().boot().equals(boot)) {
                return Optional.of(since);
            }
        }
        write(new State(boot, since, false));
        return Optional.empty();
    }

    /** What had to be verified was. */
    public void verified(Instant now) {
        since = now;
        write(new State(boot, since, false));
    }

    /** The daemon ends in peace. */
    public void end(Instant now) {
        write(new State(boot, now, true));
    }

    private Optional<State> read() {
        String subject = file.toString();
        try {
            ObjectReader object =
                    JsonCursor.of(subject, Files.readAllBytes(file)).object();
            return Optional.of(new State(
                    object.string("boot"),
                    Instant.parse(object.string("since")),
                    object.required("clean", JsonCursor::bool)));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (IOException | OciFormatException | DateTimeException e) {
            LOG.warn("{} cannot be read ({}): everything is verified", file, e.getMessage());
            return Optional.of(new State("", Instant.EPOCH, false));
        }
    }

    /** Without the mark the next start verifies more than it must, so a failure is no reason to stop. */
    private void write(State state) {
        Path temporary = file.resolveSibling(file.getFileName() + ".new");
        byte[] bytes = Json.bytes(JsonObject.builder()
                .put("boot", state.boot())
                .put("since", state.since().toString())
                .put("clean", state.clean())
                .build());
        try {
            Files.createDirectories(file.toAbsolutePath().getParent());
            try (FileChannel channel = FileChannel.open(
                    temporary,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.TRUNCATE_EXISTING,
                    StandardOpenOption.WRITE)) {
                channel.write(ByteBuffer.wrap(bytes));
                channel.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            try (FileChannel directory = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
                directory.force(true);
            }
        } catch (IOException e) {
            LOG.warn("{} cannot be written: {}", file, e.getMessage());
        }
    }
}
