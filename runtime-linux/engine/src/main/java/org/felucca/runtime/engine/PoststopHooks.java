package org.felucca.runtime.engine;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.process.HostExec;
import org.felucca.oci.json.Json;
import org.felucca.oci.runtimespec.ContainerStatus;
import org.felucca.oci.runtimespec.Hook;
import org.felucca.oci.runtimespec.Spec;
import org.felucca.oci.runtimespec.State;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Poststop hooks of a container whose monitor, which would run them, is gone. A failing hook is only reported. */
final class PoststopHooks {
    private static final Logger LOG = LoggerFactory.getLogger(PoststopHooks.class);
    private static final Duration LONGEST = Duration.ofMinutes(5);
    private static final int OUTPUT_LIMIT = 64 * 1024;

    private PoststopHooks() {}

    static void run(Spec spec, String id, Path bundle, HostExec hostExec) {
        List<Hook> hooks = spec.hooks() == null ? List.of() : spec.hooks().poststop();
        if (hooks.isEmpty()) {
            return;
        }
        byte[] state = Json.bytes(
                new State(spec.ociVersion(), id, ContainerStatus.STOPPED, null, bundle.toString(), spec.annotations())
                        .toJson());
        for (Hook hook : hooks) {
            run(hook, state, id, hostExec);
        }
    }

    private static void run(Hook hook, byte[] state, String id, HostExec hostExec) {
        Duration deadline = hook.timeout() == null ? LONGEST : Duration.ofSeconds(hook.timeout());
        List<String> argv = new java.util.ArrayList<>(hook.args().isEmpty() ? List.of(hook.path()) : hook.args());
        argv.set(0, hook.path());
        try {
            HostExec.HostExecResult result =
                    hostExec.run(new HostExec.HostExecRequest(argv, hook.env(), "/", state, deadline, OUTPUT_LIMIT));
            if (!result.status().success()) {
                LOG.warn("container {}: poststop hook {} ended with {}", id, hook.path(), result.status());
            }
        } catch (FeluccaException e) {
            LOG.warn("container {}: {}", id, e.getMessage());
        }
    }
}
