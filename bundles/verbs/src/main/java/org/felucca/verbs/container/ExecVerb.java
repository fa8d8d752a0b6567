package org.felucca.verbs.container;

import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import org.felucca.api.command.Invocation;
import org.felucca.api.command.OperandSpec;
import org.felucca.api.command.OperandSpec.Completion;
import org.felucca.api.command.OptionSpec;
import org.felucca.api.command.OptionSpec.Kind;
import org.felucca.api.command.Result;
import org.felucca.api.command.Verb;
import org.felucca.api.command.VerbSpec;
import org.felucca.api.container.ContainerService;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.plugin.PluginId;
import org.felucca.api.process.WindowSize;
import org.felucca.api.runtime.ExecProcess;
import org.felucca.api.runtime.ExecRequest;
import org.felucca.api.runtime.TaskIo;
import org.felucca.verbs.batch.Waiting;
import org.felucca.verbs.request.ProcessEnvironment;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code exec}: another process in a running container. */
@Component(service = Verb.class)
@PluginId("exec")
public final class ExecVerb implements Verb {
    private static final int ID_BYTES = 8;
    private static final VerbSpec SPEC = makeSpec();

    private final ContainerService containers;
    private final SecureRandom random = new SecureRandom();

    /** Makes the verb. */
    @Activate
    public ExecVerb(@Reference ContainerService containers) {
        this.containers = containers;
    }

    private static VerbSpec makeSpec() {
        VerbSpec.Builder spec = VerbSpec.of("exec", "run another process in a running container")
                .option(OptionSpec.flag("detach", "leave it running").shortName('d'))
                .option(OptionSpec.flag("interactive", "keep standard input open")
                        .shortName('i'))
                .option(OptionSpec.flag("tty", "give the process a terminal").shortName('t'))
                .option(OptionSpec.value("workdir", Kind.STRING, "PATH", "working directory in the container")
                        .shortName('w'))
                .option(OptionSpec.value("user", Kind.STRING, "USER[:GROUP]", "names or numbers")
                        .shortName('u'))
                .option(OptionSpec.flag("privileged", "all capabilities, no seccomp filter"));
        ProcessEnvironment.declare(spec);
        Attachment.declare(spec);
        return spec.operand(OperandSpec.required("CONTAINER", Completion.CONTAINER, "name, or beginning of an id"))
                .operand(OperandSpec.oneOrMore("COMMAND", Completion.NONE, "program and arguments"))
                .passThrough()
                .attaches()
                .example("felucca exec -it web sh")
                .build();
    }

    @Override
    public VerbSpec spec() {
        return SPEC;
    }

    @Override
    public Result run(Invocation invocation) {
        List<String> operands = invocation.operands();
        if (operands.get(1).isEmpty()) {
            throw new FeluccaException(
                    ErrorCode.NOT_FOUND,
                    "cannot execute ''",
                    "the name of the program is empty",
                    "check for a variable that is not set");
        }
        boolean detached = invocation.flag("detach");
        ExecRequest request = ExecRequest.of(id(), operands.subList(1, operands.size()))
                .environment(ProcessEnvironment.of(invocation))
                .workingDirectory(invocation.text("workdir").orElse(""))
                .user(invocation.text("user").orElse(""))
                .privileged(invocation.flag("privileged"))
                .io(detached ? detachedIo(invocation) : attachedIo(invocation))
                .build();
        ExecProcess process = containers.exec(invocation.namespace(), operands.get(0), request);
        if (detached) {
            return new Result.Done();
        }
        invocation.handedOver();
        return new Result.Exit(
                Waiting.forStage("cannot wait for " + operands.get(1) + " in " + operands.get(0), process.exited())
                        .status());
    }

    private static TaskIo detachedIo(Invocation invocation) {
        return invocation.flag("tty") ? TaskIo.NONE.terminal(new WindowSize(0, 0)) : TaskIo.NONE;
    }

    private static TaskIo attachedIo(Invocation invocation) {
        boolean terminal = invocation.flag("tty");
        boolean input = invocation.flag("interactive");
        TaskIo io = TaskIo.NONE.openStdin(input);
        if (terminal) {
            io = io.terminal(Attachment.window(invocation));
        }
        return io.client(Attachment.open(invocation, terminal, input, invocation.flag("sig-proxy"), false));
    }

    private String id() {
        byte[] bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }
}
