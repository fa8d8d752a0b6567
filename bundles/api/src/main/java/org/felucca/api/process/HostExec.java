package org.felucca.api.process;

import java.util.List;
import org.felucca.api.error.FeluccaException;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Runs a helper program of the host for the platform (a CNI plugin, a credential helper, criu) without forking from
 * the JVM's own address space. Implementations are thread-safe.
 */
@ProviderType
public interface HostExec {
    /**
     * Runs a program and waits for its end or the deadline, whichever is first.
     *
     * @throws FeluccaException NOT_FOUND if there is no such program, PERMISSION_DENIED if it may not be run,
     *     DEADLINE_EXCEEDED if it was killed at the deadline, RESOURCE_EXHAUSTED if its output exceeded the limit,
     *     CANCELLED on interrupt (the program is killed), UNAVAILABLE if the process service is gone
     */
    HostExecResult run(HostExecRequest request);

    /**
     * What a helper program printed and how it ended.
     *
     * @param status how it ended
     * @param stdout what it wrote to descriptor 1; a copy
     * @param stderr what it wrote to descriptor 2, as UTF-8 text with malformed input replaced
     */
    record HostExecResult(ExitStatus status, byte[] stdout, String stderr) {}

    /**
     * A helper program to run.
     *
     * @param argv program (an absolute path) and arguments
     * @param environment {@code KEY=VALUE} entries; nothing is inherited
     * @param directory absolute working directory
     * @param stdin what the program reads from descriptor 0
     * @param deadline after which it is killed with its whole process group
     * @param outputLimit bytes allowed on each of stdout and stderr
     */
    record HostExecRequest(
            List<String> argv,
            List<String> environment,
            String directory,
            byte[] stdin,
            java.time.Duration deadline,
            int outputLimit) {
        /** Validates and copies. */
        public HostExecRequest {
            if (argv.isEmpty() || !argv.get(0).startsWith("/")) {
                throw new IllegalArgumentException("argv must start with an absolute path: " + argv);
            }
            argv = List.copyOf(argv);
            environment = List.copyOf(environment);
            stdin = stdin.clone();
        }
    }
}
