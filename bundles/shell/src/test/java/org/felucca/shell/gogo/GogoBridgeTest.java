package org.felucca.shell.gogo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Dictionary;
import java.util.List;
import java.util.Optional;
import org.apache.felix.gogo.runtime.CommandProcessorImpl;
import org.apache.felix.gogo.runtime.threadio.ThreadIOImpl;
import org.apache.felix.service.command.CommandProcessor;
import org.apache.felix.service.command.CommandSession;
import org.felucca.api.command.OperandSpec;
import org.felucca.api.command.OperandSpec.Completion;
import org.felucca.api.command.Result;
import org.felucca.api.command.VerbSpec;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.plugin.Role;
import org.felucca.shell.FakeProviders;
import org.felucca.shell.ScriptedVerb;
import org.felucca.shell.verb.Dispatcher;
import org.felucca.shell.verb.VerbDirectory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.osgi.service.component.ComponentFactory;
import org.osgi.service.component.ComponentInstance;

/** The bridge with Gogo's own interpreter, and a component factory that registers commands with it. */
class GogoBridgeTest {
    private final FakeProviders providers = new FakeProviders();
    private final ThreadIOImpl threadIo = new ThreadIOImpl();
    private final CommandProcessorImpl gogo = new CommandProcessorImpl(threadIo);
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<String> registered = new ArrayList<>();
    private final Factory factory = new Factory();
    private Dispatcher dispatcher;

    private final class Factory implements ComponentFactory<GogoCommand> {
        @Override
        public ComponentInstance<GogoCommand> newInstance(Dictionary<String, ?> properties) {
            GogoCommand command = new GogoCommand(String.valueOf(properties.get(GogoCommand.VERB)), dispatcher);
            String scope = String.valueOf(properties.get(CommandProcessor.COMMAND_SCOPE));
            String[] functions = (String[]) properties.get(CommandProcessor.COMMAND_FUNCTION);
            for (String function : functions) {
                gogo.addCommand(scope, command, function);
                registered.add(scope + ":" + function);
            }
            return new ComponentInstance<>() {
                @Override
                public void dispose() {
                    for (String function : functions) {
                        gogo.removeCommand(scope, function);
                        registered.remove(scope + ":" + function);
                    }
                }

                @Override
                public GogoCommand getInstance() {
                    return command;
                }
            };
        }
    }

    @BeforeEach
    void start() {
        threadIo.start();
        VerbDirectory verbs = new VerbDirectory(word -> Optional.empty());
        providers.watch(Role.VERB, verbs);
        dispatcher = new Dispatcher(verbs, patience -> "", Duration.ZERO, Duration.ZERO, InstantSource.system());
    }

    @AfterEach
    void stop() {
        gogo.stop();
        threadIo.stop();
    }

    private void verbs() {
        VerbSpec.Builder echo = VerbSpec.of("say", "says").alias("tell");
        providers.add(new ScriptedVerb(
                echo.operand(OperandSpec.anyNumber("WORD", Completion.NONE, "words"))
                        .build(),
                invocation -> new Result.Lines(invocation.operands())));
        providers.add(new ScriptedVerb(VerbSpec.of("fail", "fails").build(), invocation -> {
            throw new FeluccaException(ErrorCode.NOT_FOUND, "cannot find " + invocation.namespace(), "it is gone");
        }));
    }

    private Object execute(String line) throws Exception {
        try (CommandSession session = gogo.createSession(
                InputStream.nullInputStream(), new PrintStream(out, true), new PrintStream(err, true))) {
            session.put("felucca.namespace", "dev");
            return session.execute(line);
        }
    }

    @Test
    void verb_isACommandOfScopeFelucca_withItsWordsAsGogoSeparatedThem() throws Exception {
        verbs();
        new GogoBridge(gogo, factory, providers);
        assertNull(execute("felucca:say 'two words' --  -x"));
        assertEquals("two words\n-x\n", out.toString(StandardCharsets.UTF_8));
        out.reset();
        assertNull(execute("felucca:tell again"));
        assertEquals("again\n", out.toString(StandardCharsets.UTF_8));
    }

    @Test
    void help_tellsOfAVerb_withAndWithoutScope() throws Exception {
        verbs();
        new GogoBridge(gogo, factory, providers);
        for (String line : List.of("felucca:help say", "felucca:help felucca:say", "felucca:help tell")) {
            out.reset();
            assertNull(execute(line));
            String text = out.toString(StandardCharsets.UTF_8);
            assertTrue(text.startsWith("usage: felucca say"), text);
        }
        out.reset();
        assertNull(execute("felucca:help"));
        assertTrue(out.toString(StandardCharsets.UTF_8).contains("  say "), out.toString(StandardCharsets.UTF_8));
    }

    @Test
    void failure_isPrintedAndItsStatusReturned() throws Exception {
        verbs();
        new GogoBridge(gogo, factory, providers);
        assertEquals(1, execute("felucca:fail"));
        assertEquals("felucca: cannot find dev: it is gone\n", err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void command_comesAndGoesWithItsVerb() throws Exception {
        GogoBridge bridge = new GogoBridge(gogo, factory, providers);
        verbs();
        assertArrayEquals(
                new String[] {"felucca:help", "felucca:say", "felucca:tell", "felucca:fail"},
                registered.toArray(String[]::new));
        providers.remove("say");
        assertEquals(List.of("felucca:help", "felucca:fail"), registered);
        bridge.deactivate();
        assertEquals(List.of(), registered);
    }
}
