package org.felucca.verbs.container;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import org.felucca.api.command.Invocation;
import org.felucca.api.command.OperandSpec;
import org.felucca.api.command.OperandSpec.Completion;
import org.felucca.api.command.OptionSpec;
import org.felucca.api.command.OptionSpec.Kind;
import org.felucca.api.command.Result;
import org.felucca.api.command.Verb;
import org.felucca.api.command.VerbSpec;
import org.felucca.api.container.ContainerService;
import org.felucca.api.container.LogRequest;
import org.felucca.api.container.LogSink;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.plugin.PluginId;
import org.felucca.oci.json.Json;
import org.felucca.oci.json.JsonObject;
import org.felucca.verbs.request.Invalid;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code logs}: what a container has written. Bytes go out as they are, each stream to its own. */
@Component(service = Verb.class)
@PluginId("logs")
public final class LogsVerb implements Verb {
    private static final VerbSpec SPEC = VerbSpec.of("logs", "show what a container has written")
            .option(OptionSpec.flag("follow", "go on until the container ends").shortName('f'))
            .option(OptionSpec.value("tail", Kind.STRING, "NUMBER", "show the last lines only, or all")
                    .shortName('n')
                    .defaultValue("all"))
            .option(OptionSpec.value("since", Kind.STRING, "TIME", "nothing before: a time, or how long ago (10m)"))
            .option(OptionSpec.value("until", Kind.STRING, "TIME", "nothing after: a time, or how long ago"))
            .option(OptionSpec.flag("timestamps", "show when each line was written")
                    .shortName('t'))
            .operand(OperandSpec.required("CONTAINER", Completion.CONTAINER, "name, or beginning of an id"))
            .build();

    private static final DateTimeFormatter TIMES =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.nnnnnnnnn'Z'").withZone(ZoneOffset.UTC);

    private final ContainerService containers;
    private final InstantSource clock;

    /** Makes the verb. */
    @Activate
    public LogsVerb(@Reference ContainerService containers) {
        this(containers, InstantSource.system());
    }

    LogsVerb(ContainerService containers, InstantSource clock) {
        this.containers = containers;
        this.clock = clock;
    }

    @Override
    public VerbSpec spec() {
        return SPEC;
    }

    @Override
    public Result run(Invocation invocation) {
        String name = invocation.operands().get(0);
        LogRequest request = new LogRequest(
                invocation.flag("follow"), tail(invocation), time(invocation, "since"), time(invocation, "until"));
        Shown sink = invocation.json() ? new JsonLines(invocation) : new Plain(invocation);
        try {
            try {
                containers.logs(invocation.namespace(), name, request, sink);
            } finally {
                sink.caughtUp();
            }
        } catch (UncheckedIOException e) {
            throw new FeluccaException(
                    ErrorCode.CANCELLED, "cannot show the log of " + name, String.valueOf(e.getMessage()), null, e);
        }
        return new Result.Done();
    }

    private static long tail(Invocation invocation) {
        String text = invocation.text("tail").orElse("all");
        if (text.equals("all") || text.equals("-1")) {
            return -1;
        }
        if (!text.matches("\\d{1,18}")) {
            throw Invalid.option("tail", text, "it is no number of lines", "give a number, or all");
        }
        return Long.parseLong(text);
    }

    private @Nullable Instant time(Invocation invocation, String option) {
        return invocation
                .text(option)
                .map(text -> TimeText.parse(option, text, clock.instant()))
                .orElse(null);
    }

    /** Writes a log to the caller. */
    private abstract static class Shown implements LogSink {
        private final GatheredOutput output = new GatheredOutput();
        private final OutputStream stdout;
        private final OutputStream stderr;

        Shown(Invocation invocation) {
            this.stdout = invocation.stdout();
            this.stderr = invocation.stderr();
        }

        void write(boolean toStderr, byte[] bytes) {
            try {
                output.write(toStderr ? stderr : stdout, bytes);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void caughtUp() {
            try {
                output.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The bytes as they are, on demand with the time before each line. */
    private static final class Plain extends Shown {
        private final boolean times;
        private final boolean[] within = new boolean[2];

        Plain(Invocation invocation) {
            super(invocation);
            this.times = invocation.flag("timestamps");
        }

        @Override
        public void accept(Instant time, boolean stderr, byte[] bytes) {
            int stream = stderr ? 1 : 0;
            if (times && !within[stream]) {
                write(stderr, (TIMES.format(time) + " ").getBytes(StandardCharsets.US_ASCII));
            }
            within[stream] = bytes.length > 0 && bytes[bytes.length - 1] != '\n';
            write(stderr, bytes);
        }
    }

    /** One object a line. */
    private static final class JsonLines extends Shown {
        private static final byte[] END = {'\n'};

        JsonLines(Invocation invocation) {
            super(invocation);
        }

        @Override
        public void accept(Instant time, boolean stderr, byte[] bytes) {
            write(
                    false,
                    Json.bytes(JsonObject.builder()
                            .put("time", time.toString())
                            .put("stream", stderr ? "stderr" : "stdout")
                            .put("text", new String(bytes, StandardCharsets.UTF_8))
                            .build()));
            write(false, END);
        }
    }
}
