package org.felucca.launcher;

import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the daemon was told: four directories and an address from the command line, and framework properties from the optional file
 * {@code felucca.properties} in the configuration directory.
 *
 * @param home the distribution, with {@code bundles/} below it
 * @param root persistent data
 * @param state run-time data, gone after a boot
 * @param config the directory of {@code *.cfg} files
 * @param address where clients connect, as an URI; what it may be is the command server's business
 * @param stopDeadline how long a clean stop may take
 * @param framework additional framework properties, none of them {@code felucca.*}
 */
record Settings(
        Path home,
        Path root,
        Path state,
        Path config,
        String address,
        Duration stopDeadline,
        Map<String, String> framework) {

    /** The name of the optional properties file in the configuration directory. */
    static final String FILE = "felucca.properties";

    private static final String STOP_DEADLINE = "felucca.stop.deadline";
    private static final Duration DEFAULT_STOP_DEADLINE = Duration.ofSeconds(30);
    private static final Set<String> OPTIONS = Set.of("--home", "--root", "--state", "--config", "--address");

    Settings {
        framework = Map.copyOf(framework);
    }

    /**
     * Parses a command line of {@code --name value} pairs, all five of which must be there, and reads the properties file.
     *
     * @throws LaunchException if an option is unknown, missing or empty, a path is not absolute, or the file is not readable or holds
     *     a property that it may not set
     */
    static Settings parse(List<String> arguments) throws LaunchException {
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i < arguments.size(); i += 2) {
            String name = arguments.get(i);
            if (!OPTIONS.contains(name)) {
                throw new LaunchException("unknown option " + name + ": known are " + new TreeSet<>(OPTIONS));
            }
            if (i + 1 == arguments.size() || arguments.get(i + 1).isEmpty()) {
                throw new LaunchException("option " + name + ": value missing; give one after a space");
            }
            options.put(name, arguments.get(i + 1));
        }
        Path config = path(options, "--config");
        Properties file = read(config.resolve(FILE));
        Duration stopDeadline = stopDeadline(file, config);
        Map<String, String> framework = new HashMap<>();
        for (String key : file.stringPropertyNames()) {
            if (key.startsWith("felucca.")) {
                throw new LaunchException(
                        "property " + key + " in " + config.resolve(FILE)
                                + ": not a setting of the launcher; remove it, or give it on the command line or in a .cfg file");
            }
            framework.put(key, file.getProperty(key).strip());
        }
        return new Settings(
                path(options, "--home"),
                path(options, "--root"),
                path(options, "--state"),
                config,
                required(options, "--address"),
                stopDeadline,
                framework);
    }

    private static String required(Map<String, String> options, String name) throws LaunchException {
        String value = options.get(name);
        if (value == null) {
            throw new LaunchException("option " + name + " missing; bin/felucca-daemon gives all of them");
        }
        return value;
    }

    private static Path path(Map<String, String> options, String name) throws LaunchException {
        Path path = Path.of(required(options, name));
        if (!path.isAbsolute()) {
            throw new LaunchException(
                    "option " + name + " " + path + ": not an absolute path; give one that starts with /");
        }
        return path.normalize();
    }

    private static Properties read(Path file) throws LaunchException {
        Properties properties = new Properties();
        if (Files.notExists(file)) {
            return properties;
        }
        try (Reader reader = Files.newBufferedReader(file, StandardCharsets.UTF_8)) {
            properties.load(reader);
            return properties;
        } catch (IOException | IllegalArgumentException e) {
            throw new LaunchException("cannot read " + file + ": " + e.getMessage() + "; correct or remove it", e);
        }
    }

    private static Duration stopDeadline(Properties file, Path config) throws LaunchException {
        Object value = file.remove(STOP_DEADLINE);
        if (value == null) {
            return DEFAULT_STOP_DEADLINE;
        }
        try {
            Duration deadline =
                    Duration.ofSeconds(Integer.parseInt(value.toString().strip()));
            if (deadline.isNegative() || deadline.isZero()) {
                throw new NumberFormatException("not positive");
            }
            return deadline;
        } catch (NumberFormatException e) {
            throw new LaunchException(
                    "property " + STOP_DEADLINE + "=" + value + " in " + config.resolve(FILE)
                            + ": not a number of seconds; give a whole number above 0",
                    e);
        }
    }
}
