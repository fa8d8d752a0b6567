package org.felucca.itests.felix;

import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.composite;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.junitBundles;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.ops4j.pax.exam.Option;
import org.ops4j.pax.exam.options.UrlProvisionOption;

/** The assembled distribution as Pax Exam's options: its bundle list, and the framework properties that the launcher gives it. */
final class Distribution {
    private static final Path HOME =
            Path.of(System.getProperty("felucca.distribution")).normalize();
    private static final Path WORK = Path.of(System.getProperty("felucca.work"));

    private Distribution() {}

    /** Returns what a test's configuration starts from. */
    static Option[] configuration() {
        List<Option> options = new ArrayList<>();
        makeState();
        for (String line : lines(HOME.resolve("bundles/bundles.list"))) {
            String[] words = line.split(" ");
            UrlProvisionOption bundle = bundle(
                    "reference:" + HOME.resolve("bundles").resolve(words[0]).toUri());
            options.add(List.of(words).contains("resolve") ? bundle.noStart() : bundle);
        }
        options.add(properties());
        options.add(junitBundles());
        return options.toArray(Option[]::new);
    }

    /** The daemon's start makes it before the framework is there. */
    private static void makeState() {
        try {
            Files.createDirectories(WORK.resolve("state"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Option properties() {
        return composite(
                property("felucca.home", HOME.toString()),
                property("felucca.root", WORK.resolve("root").toString()),
                property("felucca.state", WORK.resolve("state").toString()),
                property("felucca.config", HOME.resolve("etc").toString()),
                property("felucca.address", "unix://" + WORK.resolve("state/felucca.sock")),
                property("felix.fileinstall.dir", HOME.resolve("etc").toString()),
                property("felix.fileinstall.filter", ".*\\.cfg"),
                property("felix.fileinstall.tmpdir", WORK.resolve("fileinstall").toString()),
                property("felix.fileinstall.configEncoding", "UTF-8"),
                property("felix.fileinstall.enableConfigSave", "false"),
                property("felix.fileinstall.noInitialDelay", "true"));
    }

    private static Option property(String name, String value) {
        return frameworkProperty(name).value(value);
    }

    private static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
