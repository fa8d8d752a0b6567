package org.felucca.runtime.engine.compiler;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.felucca.api.error.FeluccaException;
import org.felucca.oci.json.Json;
import org.felucca.oci.json.JsonCursor;
import org.felucca.oci.runtimespec.Process;
import org.felucca.oci.runtimespec.Spec;
import org.felucca.oci.runtimespec.linux.Linux;
import org.felucca.oci.runtimespec.linux.Memory;
import org.felucca.oci.runtimespec.linux.Resources;
import org.felucca.runtime.engine.SeccompFilters;
import org.felucca.runtime.engine.cgroup.CgroupLayout;
import org.felucca.runtime.engine.cgroup.CgroupRecipe;
import org.felucca.runtime.engine.cgroup.Setting;
import org.felucca.runtime.engine.task.HostProbe;
import org.felucca.runtime.plan.Plan;
import org.felucca.runtime.plan.compile.CgroupHierarchy;
import org.felucca.runtime.plan.compile.CompiledPlan;
import org.felucca.runtime.plan.compile.ContainerCompiler;
import org.felucca.runtime.plan.compile.ContainerFacts;
import org.felucca.runtime.plan.compile.ExecCompiler;
import org.felucca.runtime.plan.compile.HostFacts;
import org.felucca.runtime.plan.wire.WireFormatException;
import org.felucca.runtime.plan.wire.WireReader;
import org.felucca.runtime.plan.wire.WireWriter;

/** Answers requests of {@code docs/spec/compiler-protocol.md}. Thread-safe. */
public final class PlanService {
    private static final int VERSION = 1;

    private static final int CREATE = 1;
    private static final int EXEC = 2;
    private static final int UPDATE = 3;
    private static final int FEATURES = 4;

    private static final int NO_KEYRING = 1;
    private static final int NO_DEVICE_PROGRAMS = 2;

    private static final int OK = 0;
    private static final int REFUSED = 1;

    private static final int TERMINAL = 1;
    private static final int HOOKS = 2;

    private static final int MEMORY = 1;
    private static final int KILL = 2;
    private static final int CPUSET = 4;

    private final HostFacts host = HostProbe.facts();
    private final SeccompFilters filters = new SeccompFilters();

    /** Answers one request; what is wrong with it is an answer as well. */
    public byte[] answer(ByteBuffer request) {
        try {
            WireReader reader = new WireReader(request);
            int version = reader.u32();
            if (version != VERSION) {
                return refusal("cannot compile: protocol version " + version + " is not known");
            }
            int kind = reader.u32();
            return switch (kind) {
                case CREATE -> create(reader);
                case EXEC -> exec(reader);
                case UPDATE -> update(reader);
                case FEATURES -> features();
                default -> refusal("cannot compile: request " + kind + " is not known");
            };
        } catch (FeluccaException e) {
            return refusal(String.valueOf(e.getMessage()));
        } catch (WireFormatException e) {
            return refusal("cannot compile: malformed request: " + e.getMessage());
        }
    }

    private static byte[] refusal(String message) {
        return new WireWriter(256).u32(REFUSED).string(message).toByteArray();
    }

    private HostFacts host(int flags) {
        return new HostFacts(
                host.lastCapability(), host.appArmor(), host.seLinux(), host.keyrings() && (flags & NO_KEYRING) == 0);
    }

    private static ContainerFacts withTerminal(ContainerFacts facts, Process process, int rows, int columns) {
        if (!process.terminal()) {
            return facts;
        }
        var size = process.consoleSize();
        return facts.terminal(
                size == null
                        ? new ContainerFacts.Terminal(rows, columns)
                        : new ContainerFacts.Terminal((int) size.height(), (int) size.width()));
    }

    private byte[] create(WireReader request) {
        String id = request.string();
        String bundle = request.string();
        byte[] document = request.bytes();
        CgroupLayout layout = CgroupLayout.parse(request.string());
        String memberships = request.string();
        int flags = request.u32();
        int rows = request.u32();
        int columns = request.u32();
        int listenFds = request.u32();
        request.end();

        Spec.Parsed parsed = Spec.parse(document);
        Spec spec = parsed.spec();
        Process process = spec.process();
        if (process != null && listenFds > 0) {
            process = ExecProcess.withListenFds(process, listenFds);
            spec = spec.toBuilder().process(process).build();
        }
        Linux linux = spec.linux();
        Resources resources =
                linux == null || linux.resources() == null ? Resources.builder().build() : linux.resources();
        CgroupRecipe recipe = CgroupRecipe.of(
                layout,
                cgroupPath(linux == null ? null : linux.cgroupsPath(), id),
                resources,
                left(memberships),
                (flags & NO_DEVICE_PROGRAMS) == 0);
        ContainerFacts facts = ContainerFacts.of(id, bundle)
                .slotsGiven(1 + recipe.places().size())
                .cgroups(recipe.hierarchies(1));
        facts = filters.filter(spec).map(facts::seccomp).orElse(facts);
        if (process != null) {
            facts = withTerminal(facts, process, rows, columns);
        }
        CompiledPlan compiled = ContainerCompiler.compile(spec, host(flags), facts);
        WireWriter out = new WireWriter(8192);
        boolean terminal = process != null && process.terminal();
        boolean hooks = spec.hooks() != null && !spec.hooks().isEmpty();
        out.u32(OK).u32((terminal ? TERMINAL : 0) | (hooks ? HOOKS : 0));
        out.string(StateTemplate.rootfs(spec, bundle));
        writePlaces(out, recipe);
        writeSettings(out, recipe.settings());
        out.bytes(recipe.deviceProgram());
        out.string(StateTemplate.of(spec, id, bundle));
        writePlan(out, compiled, parsed.unknown());
        return out.toByteArray();
    }

    /** Controllers of version 1 in which the caller is not in the root's cgroup. */
    private static Set<String> left(String memberships) {
        Set<String> left = new TreeSet<>();
        for (String line : memberships.split("\n")) {
            String[] parts = line.split(":", 3);
            if (parts.length == 3 && !parts[1].isEmpty() && !parts[2].equals("/")) {
                left.addAll(List.of(parts[1].split(",")));
            }
        }
        return left;
    }

    private static String cgroupPath(@org.jspecify.annotations.Nullable String configured, String id) {
        if (configured == null || configured.isEmpty()) {
            return "/felucca-oci-" + id;
        }
        return configured.startsWith("/") ? configured : "/" + configured;
    }

    private static void writePlaces(WireWriter out, CgroupRecipe recipe) {
        List<CgroupHierarchy> hierarchies = recipe.hierarchies(0);
        out.u32(recipe.places().size());
        for (int i = 0; i < recipe.places().size(); i++) {
            CgroupRecipe.Place place = recipe.places().get(i);
            CgroupHierarchy hierarchy = hierarchies.get(i);
            int flags = (hierarchy.memory() ? MEMORY : 0)
                    | (hierarchy.kill() ? KILL : 0)
                    | (place.version() == 1 && place.has("cpuset") ? CPUSET : 0);
            out.u32(place.version()).u32(flags).string(place.mountPoint()).string(place.path());
            out.string(String.join(" ", place.controllers()));
        }
    }

    private static void writeSettings(WireWriter out, List<Setting> settings) {
        out.u32(settings.size());
        for (Setting setting : settings) {
            out.string(setting.controller())
                    .string(setting.file())
                    .string(setting.value())
                    .string(setting.pointer());
        }
    }

    private static void writePlan(WireWriter out, CompiledPlan compiled, List<String> unknown) {
        List<String> warnings = new java.util.ArrayList<>();
        unknown.forEach(pointer -> warnings.add(pointer + ": it is not known and has no effect"));
        compiled.warnings().forEach(warning -> warnings.add(warning.toString()));
        Plan plan = compiled.plan();
        int count = ByteBuffer.wrap(plan.bytes())
                .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                .getInt(12);
        out.strings(warnings);
        out.strings(IntStream.range(0, count)
                .mapToObj(index -> plan.origin(index).orElse(""))
                .toList());
        out.bytes(plan.bytes());
    }

    private byte[] exec(WireReader request) {
        String id = request.string();
        String bundle = request.string();
        byte[] document = request.bytes();
        ExecProcess wanted = ExecProcess.read(request);
        int flags = request.u32();
        int rows = request.u32();
        int columns = request.u32();
        int listenFds = request.u32();
        int count = request.u32();
        List<CgroupHierarchy> cgroups = new java.util.ArrayList<>();
        for (int i = 0; i < count; i++) {
            int version = request.u32();
            int cgroupFlags = request.u32();
            cgroups.add(new CgroupHierarchy(
                    i, version, (cgroupFlags & MEMORY) != 0, (cgroupFlags & KILL) != 0, "", List.of(), "/"));
        }
        request.end();

        Spec spec = Spec.parse(document).spec();
        Process process = wanted.over(spec);
        if (listenFds > 0) {
            process = ExecProcess.withListenFds(process, listenFds);
        }
        ContainerFacts facts =
                ContainerFacts.of(id, bundle).slotsGiven(cgroups.size()).cgroups(cgroups);
        facts = filters.filter(spec).map(facts::seccomp).orElse(facts);
        facts = withTerminal(facts, process, rows, columns);
        CompiledPlan compiled = ExecCompiler.compile(spec, process, host(flags), facts);
        WireWriter out = new WireWriter(4096).u32(OK).u32(process.terminal() ? TERMINAL : 0);
        writePlan(out, compiled, List.of());
        return out.toByteArray();
    }

    /** The limits, and the cgroups that they need, which the container may not have yet. */
    private static byte[] update(WireReader request) {
        String path = request.string();
        byte[] document = request.bytes();
        CgroupLayout layout = CgroupLayout.parse(request.string());
        request.end();
        Resources resources = Resources.read(JsonCursor.of("resources", document));
        CgroupRecipe recipe = CgroupRecipe.of(layout, path, resources, Set.of(), false);
        WireWriter out = new WireWriter(512).u32(OK);
        writePlaces(out, recipe);
        out.u64(mostInUse(resources));
        writeSettings(out, recipe.settings());
        return out.toByteArray();
    }

    /** How much memory may be in use for an update to be made. */
    private static long mostInUse(Resources resources) {
        Memory memory = resources.memory();
        Long limit = memory == null || !Boolean.TRUE.equals(memory.checkBeforeUpdate()) ? null : memory.limit();
        return limit == null || limit < 0 ? Long.MAX_VALUE : limit;
    }

    private byte[] features() {
        return new WireWriter(4096)
                .u32(OK)
                .bytes(Json.prettyBytes(RuntimeFeatureDocument.of(host).toJson()))
                .toByteArray();
    }
}
