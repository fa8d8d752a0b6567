package org.felucca.runtime.testkit;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.PrintStream;
import java.util.Arrays;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs test classes where there is no build tool, as in a guest: one line, {@code ok NAME} or {@code not ok NAME}, for
 * each test, and what a failed one threw. A test that is skipped has failed.
 */
public final class TestRun implements TestExecutionListener {
    private final PrintStream out;
    private int passed;
    private int failed;

    private TestRun(PrintStream out) {
        this.out = out;
    }

    /** @param classes names of test classes; status 1 if a test fails or there is none */
    public static void main(String[] classes) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(Arrays.stream(classes).map(name -> selectClass(name)).toList())
                .build();
        TestRun run = new TestRun(System.out);
        LauncherFactory.create().execute(request, run);
        System.exit(run.failed > 0 || run.passed == 0 ? 1 : 0);
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        failed++;
        out.println("not ok " + name(test) + ": skipped: " + reason);
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        if (result.getStatus() == TestExecutionResult.Status.SUCCESSFUL) {
            if (test.isTest()) {
                passed++;
                out.println("ok " + name(test));
            }
            return;
        }
        failed++;
        out.println("not ok " + name(test));
        result.getThrowable().ifPresent(thrown -> thrown.printStackTrace(out));
    }

    private static String name(TestIdentifier test) {
        return test.getSource()
                .filter(MethodSource.class::isInstance)
                .map(MethodSource.class::cast)
                .map(source -> simple(source.getClassName()) + "." + source.getMethodName() + variant(test))
                .orElse(test.getDisplayName());
    }

    private static String simple(String className) {
        return className.substring(className.lastIndexOf('.') + 1);
    }

    /** One of several runs of a method says which. */
    private static String variant(TestIdentifier test) {
        return test.getDisplayName().startsWith("[") ? " " + test.getDisplayName() : "";
    }
}
