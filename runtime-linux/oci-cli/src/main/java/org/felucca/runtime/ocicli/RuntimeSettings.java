package org.felucca.runtime.ocicli;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * How a program is driven.
 *
 * @param id identity of the backend
 * @param binary absolute path of the program
 * @param args options that stand before the command
 * @param env its environment
 * @param hide mount points that the program must not see
 * @param deadline after which a command that waits for nothing is killed
 */
record RuntimeSettings(
        String id, Path binary, List<String> args, List<String> env, List<String> hide, Duration deadline) {
    RuntimeSettings {
        args = List.copyOf(args);
        env = List.copyOf(env);
        hide = List.copyOf(hide);
    }
}
