package org.felucca.runtime.ocicli;

import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.runtime.TaskIo;
import org.felucca.api.runtime.TaskRequest;
import org.felucca.oci.runtimespec.ConsoleSize;
import org.felucca.oci.runtimespec.Process;
import org.felucca.oci.runtimespec.Root;
import org.felucca.oci.runtimespec.Spec;
import org.felucca.oci.runtimespec.linux.Linux;
import org.felucca.oci.runtimespec.linux.Resources;
import org.felucca.posix.fs.Fd;
import org.felucca.runtime.engine.task.ProcessSpecs;
import org.felucca.runtime.engine.user.UserLookup;
import org.felucca.runtime.plan.compile.SpecProblem;
import org.jspecify.annotations.Nullable;

/** The document as the program gets it. */
final class BundleSpec {
    private BundleSpec() {}

    /**
     * Completes a request's document: the user, the terminal, the root's and the cgroup's places, and the lowest
     * version that has what it uses.
     *
     * @param root the container's root, to look up users
     * @param cgroup path below each hierarchy's root
     * @param newest the newest version that the program implements
     * @throws FeluccaException UNSUPPORTED for a property that came after that version, because the program would pass
     *     over it
     */
    static Spec of(TaskRequest request, Fd root, String cgroup, OciVersion newest, String backend) {
        Spec spec = request.spec();
        if (request.reaper()) {
            throw new FeluccaException(
                    ErrorCode.UNSUPPORTED,
                    "cannot create container " + request.id().id() + " with an init of its own",
                    "the runtime " + backend + " has none",
                    "leave out --init, or use the runtime linux");
        }
        refuseNewer(spec, newest, backend);
        Linux linux = spec.linux() == null ? Linux.builder().build() : spec.linux();
        Spec.Builder bundle = spec.toBuilder()
                .root(new Root(
                        RuntimePlans.ROOT, spec.root() != null && spec.root().readonly()))
                .linux(linux.toBuilder()
                        .cgroupsPath(cgroup)
                        .resources(resources(linux.resources()))
                        .build());
        if (spec.process() != null) {
            bundle.process(process(request, spec.process(), root));
        }
        Spec complete = bundle.build();
        return new Spec(
                OciVersion.lowest(complete).toString(),
                complete.process(),
                complete.root(),
                complete.hostname(),
                complete.domainname(),
                complete.mounts(),
                complete.hooks(),
                complete.annotations(),
                complete.linux(),
                complete.windows());
    }

    private static @Nullable Resources resources(@Nullable Resources resources) {
        return resources == null
                ? null
                : resources.toBuilder()
                        .devices(DeviceRules.withoutHoles(resources.devices()))
                        .build();
    }

    private static void refuseNewer(Spec spec, OciVersion newest, String backend) {
        for (OciVersion.Use use : OciVersion.uses(spec)) {
            if (use.since().compareTo(newest) > 0) {
                throw SpecProblem.unsupported(
                        use.pointer(),
                        "the runtime " + backend + " implements version " + newest + ", this came with " + use.since(),
                        "leave it out, or use the runtime linux");
            }
        }
    }

    private static Process process(TaskRequest request, Process document, Fd root) {
        Process process = document;
        if (!request.user().isEmpty()) {
            process = ProcessSpecs.withIdentity(process, new UserLookup(root).find(request.user()));
        }
        return process.toBuilder()
                .terminal(request.io().terminal())
                .consoleSize(consoleSize(request.io()))
                .build();
    }

    /** The terminal's first size; null where there is none, or where nobody knows it. */
    static @Nullable ConsoleSize consoleSize(TaskIo io) {
        return io.terminal() && io.window().rows() > 0
                ? new ConsoleSize(io.window().rows(), io.window().columns())
                : null;
    }
}
