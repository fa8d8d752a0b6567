package org.felucca.metadata;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Another JVM with this test's class path. */
final class ChildJvm {
    private ChildJvm() {}

    /** Returns the command that runs a class's {@code main}. */
    static List<String> command(Class<?> main, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }
}
