package org.felucca.runtime.plan.compile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import org.felucca.oci.runtimespec.Spec;

/** Documents and facts that tests share. */
final class Documents {
    static final HostFacts PLAIN_HOST = new HostFacts(40, false, false, true);

    private Documents() {}

    static byte[] resource(String name) {
        try (InputStream in = Documents.class.getResourceAsStream(name)) {
            return Objects.requireNonNull(in, name).readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Spec spec(String name) {
        return parse(new String(resource(name), java.nio.charset.StandardCharsets.UTF_8));
    }

    static Spec parse(String json) {
        Spec.Parsed parsed = Spec.parse(json.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        assertEquals(List.of(), parsed.unknown());
        return parsed.spec();
    }

    static CgroupHierarchy v1(int slot, String name) {
        return new CgroupHierarchy(
                slot,
                1,
                name.equals("memory"),
                name.equals("pids"),
                name,
                List.of(name.split(",")),
                "/sys/fs/cgroup/" + name + "/f/x");
    }

    static CgroupHierarchy v2(int slot) {
        return new CgroupHierarchy(slot, 2, true, true, "", List.of(), "/sys/fs/cgroup/f/x");
    }
}
