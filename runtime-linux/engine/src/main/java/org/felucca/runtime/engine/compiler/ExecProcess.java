package org.felucca.runtime.engine.compiler;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.runtimespec.Process;
import org.felucca.oci.runtimespec.Spec;
import org.felucca.oci.runtimespec.User;
import org.felucca.oci.runtimespec.linux.Capabilities;
import org.felucca.runtime.plan.compile.SpecProblem;
import org.felucca.runtime.plan.wire.WireReader;

/**
 * What {@code exec} wants to run: a document of its own, or the container's process with changes.
 *
 * @param document process.json; empty if there is none
 * @param args the program and its arguments; empty with a document
 * @param env further variables
 * @param capabilities further capabilities
 * @param groups further groups
 * @param cwd working directory; empty for the container's
 * @param user {@code uid[:gid]}; empty for the container's
 * @param apparmor AppArmor profile; empty for the container's
 * @param label SELinux label; empty for the container's
 * @param terminal whether it gets a terminal
 * @param noNewPrivileges whether it must not gain privileges
 */
record ExecProcess(
        byte[] document,
        List<String> args,
        List<String> env,
        List<String> capabilities,
        List<String> groups,
        String cwd,
        String user,
        String apparmor,
        String label,
        boolean terminal,
        boolean noNewPrivileges) {
    private static final long MOST_ID = 0xfffffffeL;

    static ExecProcess read(WireReader request) {
        return new ExecProcess(
                request.bytes(),
                request.strings(),
                request.strings(),
                request.strings(),
                request.strings(),
                request.string(),
                request.string(),
                request.string(),
                request.string(),
                request.u32() != 0,
                request.u32() != 0);
    }

    static Process withListenFds(Process process, int count) {
        List<String> env = new ArrayList<>(process.env());
        env.add("LISTEN_FDS=" + count);
        env.add("LISTEN_PID=1");
        return process.toBuilder().env(env).build();
    }

    Process over(Spec spec) {
        if (document.length > 0) {
            return Process.read(JsonCursor.of("process", document));
        }
        Process container = spec.process();
        if (container == null) {
            throw SpecProblem.invalid("/process", "it is missing", "say what to run");
        }
        List<String> variables = new ArrayList<>(container.env());
        variables.addAll(env);
        Process.Builder builder = container.toBuilder()
                .args(args)
                .env(variables)
                .terminal(terminal)
                .consoleSize(null)
                .user(user(container.user()));
        if (!cwd.isEmpty()) {
            builder.cwd(cwd);
        }
        if (!apparmor.isEmpty()) {
            builder.apparmorProfile(apparmor);
        }
        if (!label.isEmpty()) {
            builder.selinuxLabel(label);
        }
        if (noNewPrivileges) {
            builder.noNewPrivileges(true);
        }
        if (!capabilities.isEmpty()) {
            builder.capabilities(more(container.capabilities()));
        }
        return builder.build();
    }

    private User user(User container) {
        User.Builder builder = container.toBuilder();
        if (!user.isEmpty()) {
            int colon = user.indexOf(':');
            builder.uid(number("--user", colon < 0 ? user : user.substring(0, colon)));
            if (colon >= 0) {
                builder.gid(number("--user", user.substring(colon + 1)));
            }
        }
        if (!groups.isEmpty()) {
            List<Long> all = new ArrayList<>(container.additionalGids());
            groups.forEach(group -> all.add(number("--additional-gids", group)));
            builder.additionalGids(all);
        }
        return builder.build();
    }

    /** Digits only: an empty or signed number must not become root (CVE-2026-30892). */
    private static long number(String option, String text) {
        boolean digits = !text.isEmpty() && text.length() <= 10 && text.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!digits || Long.parseLong(text) > MOST_ID) {
            throw SpecProblem.invalid(
                    option, "'" + text + "' is no id within 0.." + MOST_ID, "write it in digits, as UID or UID:GID");
        }
        return Long.parseLong(text);
    }

    private Capabilities more(@org.jspecify.annotations.Nullable Capabilities container) {
        Capabilities base = container == null ? Capabilities.builder().build() : container;
        return base.toBuilder()
                .bounding(joined(base.bounding()))
                .effective(joined(base.effective()))
                .permitted(joined(base.permitted()))
                .build();
    }

    private List<String> joined(List<String> present) {
        Set<String> all = new LinkedHashSet<>(present);
        all.addAll(capabilities);
        return List.copyOf(all);
    }
}
