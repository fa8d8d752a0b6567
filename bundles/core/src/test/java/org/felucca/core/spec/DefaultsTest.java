package org.felucca.core.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.felucca.core.spec.SeccompProfile.Target;
import org.felucca.oci.runtimespec.linux.KernelCapabilities;
import org.felucca.oci.runtimespec.linux.Seccomp;
import org.felucca.oci.runtimespec.linux.SeccompAction;
import org.felucca.oci.runtimespec.linux.SeccompSyscall;
import org.junit.jupiter.api.Test;

/** {@code docs/spec/defaults.md} holds what docker and containerd give a container by default: so do we. */
class DefaultsTest {
    private static final Path DOCUMENT = Path.of("../../docs/spec/defaults.md");
    private static final Pattern NAME = Pattern.compile("`([A-Za-z0-9_]+)`");
    private static final Pattern ROW = Pattern.compile("\\| `(CAP_\\w+)` \\| (.*) \\|");

    /** Without a capability these are allowed for some arguments, or since a kernel, and so in both sets. */
    private static final Set<String> ALSO_WITHOUT =
            Set.of("clone", "clone3", "process_vm_readv", "process_vm_writev", "ptrace");

    private final SeccompDefault profile = new SeccompDefault();

    private static String section(String heading) throws IOException {
        String text = Files.readString(DOCUMENT);
        int from = text.indexOf(heading + "\n");
        assertTrue(from >= 0, () -> "no section " + heading);
        int end = text.indexOf("\n#", from + heading.length());
        return text.substring(from, end < 0 ? text.length() : end);
    }

    private static Set<String> names(String text) {
        return NAME.matcher(text).results().map(found -> found.group(1)).collect(Collectors.toCollection(TreeSet::new));
    }

    private Set<String> allowed(Set<String> capabilities) {
        Seccomp seccomp = profile.resolve(new Target("amd64", new KernelVersion(6, 1), capabilities));
        return seccomp.syscalls().stream()
                .filter(rule -> rule.action() == SeccompAction.ALLOW)
                .filter(rule -> rule.args().isEmpty())
                .map(SeccompSyscall::names)
                .flatMap(List::stream)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void capabilities_byDefault_areThoseOfTheDocument() throws IOException {
        Set<String> documented = names(section("## Capabilities"));
        assertEquals(14, documented.size());
        assertEquals(documented, new TreeSet<>(CapabilitySets.DEFAULT));
    }

    @Test
    void calls_ofEachCapability_areThoseOfTheDocument() throws IOException {
        Map<String, Set<String>> documented = new TreeMap<>();
        ROW.matcher(section("### Allowed with a capability alone"))
                .results()
                .forEach(row -> documented.put(row.group(1), names(row.group(2))));
        assertTrue(documented.size() > 10, documented::toString);
        Set<String> without = allowed(Set.of());
        for (String capability : KernelCapabilities.upTo(63)) {
            Set<String> more = allowed(Set.of(capability));
            more.removeAll(without);
            Set<String> expected = new TreeSet<>(documented.getOrDefault(capability, Set.of()));
            expected.removeAll(without);
            assertEquals(expected, more, capability);
        }
        documented
                .values()
                .forEach(calls -> calls.stream()
                        .filter(without::contains)
                        .forEach(call -> assertTrue(ALSO_WITHOUT.contains(call), call + " needs no capability")));
    }

    @Test
    void calls_refusedWhateverTheCapabilities_areInNoRule() throws IOException {
        Set<String> refused = names(
                section("### Refused whatever a container's capabilities are").split(":\n", 2)[1]);
        assertTrue(refused.size() > 20, refused::toString);
        Seccomp seccomp =
                profile.resolve(new Target("amd64", new KernelVersion(6, 1), Set.copyOf(KernelCapabilities.upTo(63))));
        Set<String> named = seccomp.syscalls().stream()
                .flatMap(rule -> rule.names().stream())
                .collect(Collectors.toSet());
        assertEquals(Set.of(), refused.stream().filter(named::contains).collect(Collectors.toCollection(TreeSet::new)));
    }
}
