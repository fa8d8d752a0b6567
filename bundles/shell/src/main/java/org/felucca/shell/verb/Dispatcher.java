package org.felucca.shell.verb;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.felucca.api.command.Invocation;
import org.felucca.api.command.OptionSpec;
import org.felucca.api.command.Result;
import org.felucca.api.command.Verb;
import org.felucca.api.command.VerbSpec;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.process.ExitStatus;
import org.felucca.api.process.ExitStatus.Exited;
import org.felucca.shell.help.HelpText;
import org.felucca.shell.parse.ArgumentParser;
import org.felucca.shell.parse.Arguments;
import org.felucca.shell.parse.Suggestion;
import org.felucca.shell.parse.UsageException;
import org.felucca.shell.render.ProgressDisplay;
import org.felucca.shell.render.ResultRenderer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs one command line for one caller, on the calling thread. Thread-safe. */
public final class Dispatcher {
    private static final Logger LOG = LoggerFactory.getLogger(Dispatcher.class);

    /** Verbs that tell about the platform and so must work while it is not ready. */
    private static final Set<String> ALWAYS = Set.of("version", "plugins");

    private static final Pattern SECOND_WORD = Pattern.compile("[a-z][a-z0-9-]*");
    private static final int SIGINT = 2;
    private static final String NO_TRUNC = "no-trunc";

    private final VerbDirectory verbs;
    private final StartGate gate;
    private final Duration quietWait;
    private final Duration longestWait;
    private final InstantSource clock;

    /**
     * @param quietWait how long a start is waited for without a word
     * @param longestWait how long it is waited for at all
     */
    public Dispatcher(
            VerbDirectory verbs, StartGate gate, Duration quietWait, Duration longestWait, InstantSource clock) {
        this.verbs = verbs;
        this.gate = gate;
        this.quietWait = quietWait;
        this.longestWait = longestWait;
        this.clock = clock;
    }

    /**
     * Runs a command line. What goes wrong is printed for the caller; nothing is thrown.
     *
     * @param words the command line without the program's name
     * @return the status to end with
     */
    public ExitStatus run(List<String> words, Caller caller) {
        try {
            return words.isEmpty() ? overview(caller) : dispatch(words, caller);
        } catch (UsageException e) {
            return fail(caller, e.text(), ExitCodes.BEFORE_THE_PROGRAM);
        } catch (UncheckedIOException e) {
            return new Exited(1); // the caller has gone: there is nobody to tell
        }
    }

    private ExitStatus dispatch(List<String> words, Caller caller) {
        String word = words.get(0);
        List<String> rest = words.subList(1, words.size());
        switch (word) {
            case "help" -> {
                return rest.isEmpty() ? overview(caller) : help(rest, caller);
            }
            case "--help", "-h" -> {
                return overview(caller);
            }
            case "--version", "-v" -> {
                return verb(List.of("version"), caller);
            }
            default -> {
                if (word.startsWith("-")) {
                    throw new UsageException(
                            "unknown option " + word, "it stands before the command", "see 'felucca --help'");
                }
                return verb(words, caller);
            }
        }
    }

    /** A verb and how many words its name took. */
    private record Called(VerbDirectory.Entry entry, int words) {}

    /** The verb that a command line begins with; of two names the longer one. */
    private Optional<Called> called(List<String> words) {
        if (words.size() > 1 && SECOND_WORD.matcher(words.get(1)).matches()) {
            Optional<VerbDirectory.Entry> longer = verbs.find(words.get(0) + " " + words.get(1));
            if (longer.isPresent()) {
                return Optional.of(new Called(longer.get(), 2));
            }
        }
        return verbs.find(words.get(0)).map(entry -> new Called(entry, 1));
    }

    private ExitStatus verb(List<String> words, Caller caller) {
        Optional<Called> found = called(words);
        if (found.isEmpty() || !ALWAYS.contains(found.get().entry().spec().name())) {
            Optional<ExitStatus> refused = awaitStart(caller);
            if (refused.isPresent()) {
                return refused.get();
            }
            found = found.isPresent() ? found : called(words);
        }
        Called called = found.orElseThrow(() -> unknown(words));
        VerbDirectory.Entry entry = called.entry();
        Arguments arguments = ArgumentParser.parse(entry.spec(), words.subList(called.words(), words.size()));
        if (arguments.help()) {
            print(caller.stdout(), HelpText.of(entry.spec()));
            return new Exited(0);
        }
        return invoke(entry, arguments, caller);
    }

    private ExitStatus invoke(VerbDirectory.Entry entry, Arguments arguments, Caller caller) {
        VerbSpec spec = entry.spec();
        boolean whole = spec.option(NO_TRUNC)
                .filter(option -> option.kind() == OptionSpec.Kind.FLAG)
                .map(option -> arguments.flag(NO_TRUNC))
                .orElse(Boolean.FALSE);
        ProgressDisplay progress = new ProgressDisplay(caller.stderr(), caller.stderrTerminal(), clock);
        ResultRenderer renderer = new ResultRenderer(caller.stdout(), caller.stderr(), arguments.json(), whole, clock);
        ShellInvocation invocation = new ShellInvocation(arguments, caller, progress);
        try {
            // A result may hold code of the verb (a flow), so it is shown within the guarded call.
            return entry.provider().call(verb -> show(verb, invocation, progress, renderer, caller));
        } catch (FeluccaException e) {
            progress.end();
            if (e.code() == ErrorCode.INTERNAL) {
                LOG.error("{} failed", spec.name(), e);
            }
            int status = ExitCodes.of(e, spec, caller.interruptedBy());
            if (invocation.isHandedOver()) {
                LOG.debug("{} was left while its process runs: {}", spec.name(), e.getMessage());
                return new Exited(status);
            }
            boolean wished =
                    e.code() == ErrorCode.CANCELLED && caller.interruptedBy().isPresent();
            return wished ? new Exited(status) : fail(caller, e.getMessage(), status);
        }
    }

    private static ExitStatus show(
            Verb verb, Invocation invocation, ProgressDisplay progress, ResultRenderer renderer, Caller caller) {
        Result result = verb.run(invocation);
        progress.end();
        try {
            ExitStatus status = renderer.show(result);
            boolean cut =
                    result instanceof Result.Flow && Thread.currentThread().isInterrupted();
            return cut ? new ExitStatus.Signaled(caller.interruptedBy().orElse(SIGINT)) : status;
        } catch (UncheckedIOException e) {
            return new Exited(1); // the caller has gone
        }
    }

    /** Waits for the platform; a status if it is to be waited for no longer. */
    private Optional<ExitStatus> awaitStart(Caller caller) {
        try {
            String missing = gate.await(quietWait);
            if (missing.isEmpty()) {
                return Optional.empty();
            }
            print(caller.stderr(), "felucca: starting: waiting for " + missing + "\n");
            missing = gate.await(longestWait);
            return missing.isEmpty()
                    ? Optional.empty()
                    : Optional.of(fail(
                            caller,
                            "the daemon is not ready: " + missing + " is missing after " + longestWait.toSeconds()
                                    + " s; see 'felucca plugins' and the daemon's log",
                            ExitCodes.BEFORE_THE_PROGRAM));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.of(new ExitStatus.Signaled(caller.interruptedBy().orElse(SIGINT)));
        }
    }

    private UsageException unknown(List<String> words) {
        String word = words.get(0);
        String group = word + " ";
        List<String> members = verbs.words().stream()
                .filter(name -> name.startsWith(group))
                .map(name -> name.substring(group.length()))
                .sorted()
                .toList();
        if (!members.isEmpty()) {
            return new UsageException(
                    "incomplete command '" + word + "'",
                    "one of " + String.join(", ", members) + " has to follow",
                    "see 'felucca --help'");
        }
        return new UsageException(
                "unknown command '" + word + "'",
                Suggestion.nearest(word, verbs.words())
                        .map(found -> "did you mean '" + found + "'?")
                        .orElse("there is none of that name"),
                "see 'felucca --help'");
    }

    private ExitStatus help(List<String> words, Caller caller) {
        Called called = called(words).orElseThrow(() -> unknown(words));
        print(caller.stdout(), HelpText.of(called.entry().spec()));
        return new Exited(0);
    }

    private ExitStatus overview(Caller caller) {
        print(caller.stdout(), HelpText.overview(verbs.specs()));
        return new Exited(0);
    }

    private static ExitStatus fail(Caller caller, String message, int status) {
        try {
            print(caller.stderr(), "felucca: " + message + "\n");
        } catch (UncheckedIOException e) {
            LOG.debug("the caller has gone before it could be told: {}", message);
        }
        return new Exited(status);
    }

    private static void print(OutputStream stream, String text) {
        try {
            stream.write(text.getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
