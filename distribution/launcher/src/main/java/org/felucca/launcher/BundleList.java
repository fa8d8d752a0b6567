package org.felucca.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The bundles of the distribution, in the order of the file {@code bundles/bundles.list}, which the build writes. Each line is a file
 * name beside the list, and marks: {@code platform} for a bundle whose classes come from the class path, {@code resolve} for one that
 * lends its packages and is not started. The order means nothing: bundles find each other through services.
 *
 * @param build identifies the contents of the distribution (its file {@code lib/build-id})
 * @param entries what the list names, all of it present
 */
record BundleList(String build, List<Entry> entries) {
    private static final String NAME = "bundles.list";
    private static final String PLATFORM = "platform";
    private static final String RESOLVE = "resolve";
    private static final List<String> MARKS = List.of(PLATFORM, RESOLVE);

    /**
     * One bundle.
     *
     * @param jar its file
     * @param platform whether its classes come from the class path, where it must be
     * @param started whether it is to be started
     */
    record Entry(Path jar, boolean platform, boolean started) {
        /** Where the framework finds it: by name, or by reference, so that it makes no copy and a class archive stays valid. */
        String location() {
            return platform ? ClassPathConnector.location(jar) : "reference:" + jar.toUri();
        }
    }

    BundleList {
        entries = List.copyOf(entries);
    }

    /**
     * Reads the list of a distribution.
     *
     * @throws LaunchException if the list or the build's identity is missing or not understood, or a file is named that is not there
     */
    static BundleList read(Path home) throws LaunchException {
        Path directory = home.resolve("bundles");
        Path list = directory.resolve(NAME);
        List<Entry> entries = new ArrayList<>();
        for (String line : lines(list)) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] words = line.strip().split("\\s+");
            List<String> marks = List.of(words).subList(1, words.length);
            if (!MARKS.containsAll(marks)) {
                throw new LaunchException(
                        "line '" + line + "' of " + list + ": not '<file> [platform] [resolve]'; install again");
            }
            Path jar = directory.resolve(words[0]);
            if (!Files.isRegularFile(jar)) {
                throw new LaunchException(
                        "bundle " + jar + ": listed in " + list + ", but there is no such file; install again");
            }
            entries.add(new Entry(jar, marks.contains(PLATFORM), !marks.contains(RESOLVE)));
        }
        if (entries.isEmpty()) {
            throw new LaunchException("bundle list " + list + ": empty; install again");
        }
        return new BundleList(String.join("", lines(home.resolve("lib/build-id"))), entries);
    }

    private static List<String> lines(Path file) throws LaunchException {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new LaunchException("cannot read " + file + ": " + reason(e) + "; install again", e);
        }
    }

    /**
     * A text that is equal for two lists exactly if the framework may go on with bundles it knows from the other one: same build, same
     * files, sizes and times, each started or not as before. The build's identity tells what sizes and times may hide, since a
     * reproducible build gives every file the same time.
     *
     * @throws LaunchException if a file is gone by now
     */
    String fingerprint() throws LaunchException {
        StringBuilder text = new StringBuilder(build).append('\n');
        for (Entry entry : entries) {
            try {
                text.append(entry.location())
                        .append(' ')
                        .append(entry.started())
                        .append(' ')
                        .append(Files.size(entry.jar()))
                        .append(' ')
                        .append(Files.getLastModifiedTime(entry.jar()).toMillis())
                        .append('\n');
            } catch (IOException e) {
                throw new LaunchException(
                        "cannot read bundle " + entry.jar() + ": " + reason(e) + "; install again", e);
            }
        }
        return text.toString();
    }

    private static String reason(IOException e) {
        return e.getClass().getSimpleName() + " " + e.getMessage();
    }
}
