package org.felucca.verbs.request;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.felucca.api.command.Invocation;
import org.felucca.api.command.OptionSpec;
import org.felucca.api.command.OptionSpec.Kind;
import org.felucca.api.command.VerbSpec;
import org.felucca.api.container.ContainerMount;
import org.felucca.api.container.ContainerRequest;
import org.felucca.api.container.NetworkMode;
import org.felucca.api.image.PullPolicy;
import org.felucca.api.process.Signal;

/** The options of {@code run}, {@code create} and {@code explain} that describe a container. Stateless. */
public final class RequestOptions {
    private RequestOptions() {}

    /** Adds the options to a spec. */
    public static void declare(VerbSpec.Builder spec) {
        declareProcess(spec);
        ProcessEnvironment.declare(spec);
        declareSurroundings(spec);
        ResourceOptions.declare(spec);
        declareSecurity(spec);
        declareChoices(spec);
    }

    private static void declareProcess(VerbSpec.Builder spec) {
        spec.option(OptionSpec.flag("interactive", "keep standard input open").shortName('i'))
                .option(OptionSpec.flag("tty", "give the process a terminal").shortName('t'))
                .option(text("name", "NAME", "name of the container"))
                .option(text("workdir", "PATH", "working directory in the container")
                        .shortName('w'))
                .option(text("user", "USER[:GROUP]", "names or numbers").shortName('u'))
                .option(text("entrypoint", "PROGRAM", "replaces the image's entrypoint; empty for none"))
                .option(OptionSpec.flag("init", "run a small init as pid 1 that reaps processes"))
                .option(text("stop-signal", "SIGNAL", "signal of a polite stop"))
                .option(OptionSpec.value("stop-timeout", Kind.INTEGER, "SECONDS", "from a polite stop to the kill")
                        .defaultValue("10"))
                .option(OptionSpec.flag("rm", "remove the container when it ends"));
    }

    private static void declareSurroundings(VerbSpec.Builder spec) {
        spec.option(text("volume", "SOURCE:TARGET[:ro]", "mount a path of the host")
                        .shortName('v')
                        .repeating())
                .option(text("mount", "KEY=VALUE,...", "mount; type=bind or type=tmpfs")
                        .repeating())
                .option(text("tmpfs", "PATH[:OPTIONS]", "mount a file system in memory")
                        .repeating())
                .option(OptionSpec.flag("read-only", "root file system is read-only"))
                .option(text("network", "MODE", "none: a network namespace of its own; host: the host's")
                        .choices("none", "host")
                        .defaultValue("none"))
                .option(text("hostname", "NAME", "host name in the container").shortName('h'))
                .option(text("label", "KEY[=VALUE]", "label").shortName('l').repeating());
    }

    private static void declareSecurity(VerbSpec.Builder spec) {
        spec.option(text("cap-add", "CAPABILITY", "capability to add; ALL for all")
                        .repeating())
                .option(text("cap-drop", "CAPABILITY", "capability to drop; ALL for all")
                        .repeating())
                .option(text(
                                "security-opt",
                                "OPTION",
                                "no-new-privileges, seccomp=FILE or unconfined, apparmor=, label=")
                        .repeating())
                .option(OptionSpec.flag("privileged", "all capabilities and devices, no masks"))
                .option(text("ulimit", "NAME=SOFT[:HARD]", "limit of each process")
                        .repeating())
                .option(text("sysctl", "KEY=VALUE", "kernel parameter of its namespaces")
                        .repeating());
    }

    private static void declareChoices(VerbSpec.Builder spec) {
        spec.option(text("pull", "WHEN", "when to ask the registry")
                        .choices("always", "missing", "never")
                        .defaultValue("missing"))
                .option(OptionSpec.flag("quiet", "show no progress").shortName('q'))
                .option(text("platform", "OS/ARCH", "platform of the image"))
                .option(text("snapshotter", "ID", "snapshotter to use"))
                .option(text("runtime", "ID", "runtime backend to use"));
    }

    private static OptionSpec text(String name, String placeholder, String help) {
        return OptionSpec.value(name, Kind.STRING, placeholder, help);
    }

    /**
     * Builds the request that an invocation describes: the first operand is the image, the others are its command.
     *
     * @throws org.felucca.api.error.FeluccaException INVALID_ARGUMENT naming the option that is wrong; as the caller
     *     met it, for files that options name
     */
    public static ContainerRequest request(Invocation invocation) {
        List<String> operands = invocation.operands();
        ContainerRequest.Builder request = ContainerRequest.of(invocation.namespace(), operands.get(0))
                .command(operands.subList(1, operands.size()))
                .name(invocation.text("name").orElse(""))
                .environment(Environment.of(invocation))
                .workingDirectory(workingDirectory(invocation))
                .user(invocation.text("user").orElse(""))
                .hostname(invocation.text("hostname").orElse(""))
                .terminal(invocation.flag("tty"))
                .openStdin(invocation.flag("interactive"))
                .readOnly(invocation.flag("read-only"))
                .reaper(invocation.flag("init"))
                .privileged(invocation.flag("privileged"))
                .autoRemove(invocation.flag("rm"))
                .mounts(mounts(invocation))
                .network(NetworkMode.valueOf(upper(invocation.text("network").orElse("none"))))
                .resources(ResourceOptions.limits(invocation))
                .ulimits(invocation.texts("ulimit").stream()
                        .map(UlimitText::parse)
                        .toList())
                .capAdd(invocation.texts("cap-add"))
                .capDrop(invocation.texts("cap-drop"))
                .securityOptions(invocation.texts("security-opt").stream()
                        .map(option -> SecurityText.parse(option, invocation))
                        .toList())
                .sysctls(Pairs.of("sysctl", invocation.texts("sysctl"), true))
                .labels(Pairs.of("label", invocation.texts("label"), false))
                .pullPolicy(PullPolicy.valueOf(upper(invocation.text("pull").orElse("missing"))))
                .snapshotter(invocation.text("snapshotter").orElse(""))
                .runtime(invocation.text("runtime").orElse(""))
                .stopTimeout(stopTimeout(invocation));
        invocation
                .text("entrypoint")
                .ifPresent(program -> request.entrypoint(program.isEmpty() ? List.of() : List.of(program)));
        invocation
                .text("stop-signal")
                .ifPresent(name -> request.stopSignal(Signal.parse(name).displayName()));
        invocation.text("platform").map(Invalid::platform).ifPresent(request::platform);
        return request.build();
    }

    private static String upper(String choice) {
        return choice.toUpperCase(Locale.ROOT);
    }

    private static String workingDirectory(Invocation invocation) {
        String directory = invocation.text("workdir").orElse("");
        if (!directory.isEmpty() && !directory.startsWith("/")) {
            throw Invalid.option("workdir", directory, "it is not absolute", "give a path that starts with /");
        }
        return directory;
    }

    private static Duration stopTimeout(Invocation invocation) {
        long seconds = invocation.number("stop-timeout").orElseThrow();
        if (seconds < 0) {
            throw Invalid.option("stop-timeout", Long.toString(seconds), "it is negative", "give seconds, 0 or more");
        }
        return Duration.ofSeconds(seconds);
    }

    private static List<ContainerMount> mounts(Invocation invocation) {
        List<ContainerMount> mounts = new ArrayList<>();
        invocation.texts("volume").forEach(text -> mounts.add(MountText.volume(text, invocation.workingDirectory())));
        invocation.texts("mount").forEach(text -> mounts.add(MountText.mount(text, invocation.workingDirectory())));
        invocation.texts("tmpfs").forEach(text -> mounts.add(MountText.tmpfs(text)));
        for (int i = 0; i < mounts.size(); i++) {
            for (int j = 0; j < i; j++) {
                if (mounts.get(i).target().equals(mounts.get(j).target())) {
                    throw Invalid.option(
                            "mount", mounts.get(i).target(), "two mounts have this target", "give each its own");
                }
            }
        }
        return mounts;
    }
}
