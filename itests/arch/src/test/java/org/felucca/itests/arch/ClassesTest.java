package org.felucca.itests.arch;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.jar.JarFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ClassesTest {
    private static JavaClasses classes;

    @BeforeAll
    static void importClasses() {
        List<JarFile> jars = BuiltBundles.own().stream()
                .map(b -> {
                    try {
                        return new JarFile(b.file().toFile());
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                })
                .toList();
        ImportOption ours = location -> location.contains("org/felucca/");
        classes = new ClassFileImporter(List.of(ours)).importJars(jars);
    }

    @Test
    void importedClasses_areAsManyAsThePlatformHas() {
        assertTrue(classes.size() > 400, () -> "saw only " + classes.size() + " classes");
    }

    @Test
    void nativeCode_isCalledByPosixOnly() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("org.felucca.posix..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("jnr..", "com.kenai..")
                .because("posix is the one place on Linux that calls native code"));
    }

    @Test
    void processes_areNotForkedFromTheJvm() {
        check(noClasses()
                .should()
                .callMethod(Runtime.class, "exec", String.class)
                .orShould()
                .callMethod(ProcessBuilder.class, "start")
                .because("helpers run through api.process.HostExec, containers through spawn"));
    }

    @Test
    void bundleContext_outsidePlugins_isReadForPropertiesAndTheOwnVersionOnly() {
        DescribedPredicate<JavaMethodCall> moreThanProperties = DescribedPredicate.describe(
                "methods of BundleContext other than getProperty and getBundle()",
                call -> call.getTarget().getOwner().getName().equals("org.osgi.framework.BundleContext")
                        && !call.getTarget().getName().equals("getProperty")
                        && !call.getTarget().getFullName().equals("org.osgi.framework.BundleContext.getBundle()"));
        check(noClasses()
                .that()
                .resideOutsideOfPackages("org.felucca.plugins..", "org.felucca.logging..", "org.felucca.core.ready..")
                .should()
                .callMethodWhere(moreThanProperties)
                .because("services come through the constructor; see docs/decisions/0004"));
    }

    @Test
    void standardStreams_areNotWrittenTo() {
        check(noClasses()
                .that()
                .resideOutsideOfPackage("org.felucca.logging..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .because("verbs return results, components log"));
    }

    @Test
    void threads_doNotSleep() {
        check(noClasses()
                .that()
                .doNotHaveFullyQualifiedName("org.felucca.registry.Pause")
                .should()
                .callMethod(Thread.class, "sleep", long.class)
                .because(
                        "waiting is for futures, pidfds, inotify and epoll; only the back-off between two attempts of a"
                                + " transfer waits for time itself"));
    }

    @Test
    void exportedContracts_doNotShowLibraries() {
        check(noClasses()
                .that()
                .resideInAPackage("org.felucca.api..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.fasterxml..", "org.slf4j..", "jnr..", "io.netty..")
                .because("a library's type in a signature binds every plugin to its version"));
    }

    @Test
    void packages_areNamedForConcepts() {
        check(noClasses()
                .should()
                .resideInAnyPackage("..util..", "..utils..", "..common..", "..helper..", "..helpers..", "..manager..")
                .because("a package is named for a concept"));
    }

    private static void check(ArchRule rule) {
        rule.check(classes);
    }
}
