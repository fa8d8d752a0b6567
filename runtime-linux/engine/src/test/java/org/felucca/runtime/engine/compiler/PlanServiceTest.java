package org.felucca.runtime.engine.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.felucca.oci.json.Json;
import org.felucca.runtime.plan.PlanPrinter;
import org.felucca.runtime.plan.wire.WireReader;
import org.felucca.runtime.plan.wire.WireWriter;
import org.junit.jupiter.api.Test;

class PlanServiceTest {
    private static final String HYBRID = """
            32 31 0:29 / /sys/fs/cgroup/pids rw,relatime - cgroup cgroup rw,pids
            35 31 0:32 / /sys/fs/cgroup/memory rw,relatime - cgroup cgroup rw,memory
            41 31 0:38 / /sys/fs/cgroup/unified rw,relatime - cgroup2 cgroup2 rw
            """;
    private static final String UNIFIED = "41 31 0:38 / /sys/fs/cgroup rw,relatime - cgroup2 cgroup2 rw\n";
    private static final String AT_ROOT = "5:pids:/\n4:memory:/\n0::/\n";

    private final PlanService service = new PlanService();

    private static byte[] document(String more) {
        return ("""
            {"ociVersion": "1.0.2", "root": {"path": "rootfs"},
             "annotations": {"a": "b\\"c"},
             "process": {"user": {"uid": 0, "gid": 0}, "cwd": "/", "args": ["/bin/true"], "env": ["A=1"]},
             "linux": {"namespaces": [{"type": "mount"}, {"type": "pid"}] %s}}
            """).formatted(more).getBytes(StandardCharsets.UTF_8);
    }

    private WireReader create(byte[] document, String mounts, String memberships) {
        WireWriter request = new WireWriter(1024).u32(1).u32(1).string("c1").string("/b");
        request.bytes(document).string(mounts).string(memberships);
        request.u32(0).u32(0).u32(0).u32(0);
        return new WireReader(service.answer(ByteBuffer.wrap(request.toByteArray())));
    }

    private static String refusal(WireReader answer) {
        assertEquals(1, answer.u32());
        return answer.string();
    }

    /** A place as "version mount+path controllers". */
    private static List<String> places(WireReader answer) {
        List<String> places = new ArrayList<>();
        int count = answer.u32();
        for (int i = 0; i < count; i++) {
            int version = answer.u32();
            answer.u32();
            places.add(version + " " + answer.string() + answer.string() + " " + answer.string());
        }
        return places;
    }

    private static List<String> limits(WireReader answer) {
        List<String> limits = new ArrayList<>();
        int count = answer.u32();
        for (int i = 0; i < count; i++) {
            String controller = answer.string();
            limits.add(controller + " " + answer.string() + "=" + answer.string() + " " + answer.string());
        }
        return limits;
    }

    @Test
    void create_ofDocument_answersAllThatACallerNeeds() {
        WireReader answer = create(
                document(", \"resources\": {\"memory\": {\"limit\": 1048576}}, \"cgroupsPath\": \"/x/y\""),
                HYBRID,
                AT_ROOT);
        assertEquals(0, answer.u32());
        assertEquals(0, answer.u32(), "neither terminal nor hooks");
        assertEquals("/b/rootfs", answer.string());
        assertEquals(List.of("2 /sys/fs/cgroup/unified/x/y ", "1 /sys/fs/cgroup/memory/x/y memory"), places(answer));
        assertEquals(List.of("memory memory.limit_in_bytes=1048576 /linux/resources/memory/limit"), limits(answer));
        assertEquals(0, answer.bytes().length, "no device program");
        String state = answer.string().replace("\u0001", "7").replace("\u0002", "created");
        assertEquals(Json.parse("expected", """
                        {"ociVersion": "1.0.2", "id": "c1", "pid": 7, "status": "created", "bundle": "/b",
                         "rootfs": "/b/rootfs", "created": "now", "annotations": {"a": "b\\"c"}, "owner": ""}"""), Json.parse("state", state.replace("\u0003", "now")));
        assertEquals(List.of(), answer.strings(), "no warnings");
        List<String> pointers = answer.strings();
        String plan = PlanPrinter.print(answer.bytes());
        answer.end();
        assertTrue(plan.contains("/bin/true"), plan);
        assertEquals("/process/args", pointers.get(pointers.size() - 1));
    }

    @Test
    void create_byCallerInACgroup_leavesThatCgroup() {
        WireReader answer = create(document(""), HYBRID, "5:pids:/\n4:memory:/caller\n0::/\n");
        assertEquals(0, answer.u32());
        answer.u32();
        answer.string();
        assertEquals(
                List.of("2 /sys/fs/cgroup/unified/felucca-oci-c1 ", "1 /sys/fs/cgroup/memory/felucca-oci-c1 memory"),
                places(answer));
    }

    @Test
    void create_onVersion2_handsControllersDown() {
        WireReader answer = create(document(""), UNIFIED, "0::/\n");
        assertEquals(0, answer.u32());
        answer.u32();
        answer.string();
        assertEquals(List.of("2 /sys/fs/cgroup/felucca-oci-c1 cpu memory pids io"), places(answer));
    }

    @Test
    void create_withDots_isRefusedByPointer() {
        String said = refusal(create(document(", \"cgroupsPath\": \"/a/../b\""), HYBRID, AT_ROOT));
        assertTrue(said.contains("/linux/cgroupsPath"), said);
    }

    @Test
    void create_ofWhatIsDoneOutside_hasItsOperations() {
        String notify = "{\"defaultAction\": \"SCMP_ACT_ALLOW\", \"listenerPath\": \"/l\","
                + " \"syscalls\": [{\"names\": [\"mkdir\"], \"action\": \"SCMP_ACT_NOTIFY\"}]}";
        String ids = "[{\"containerID\": 0, \"hostID\": 7, \"size\": 1}]";
        String mount = "{\"destination\": \"/m\", \"source\": \"/\", \"type\": \"bind\","
                + " \"options\": [\"bind\"], \"uidMappings\": %s, \"gidMappings\": %s}";
        String network = "\"namespaces\": [{\"type\": \"network\"},";
        byte[] devices = new String(
                        document(", \"netDevices\": {\"ex\": {\"name\": \"eth0\"}}"), StandardCharsets.UTF_8)
                .replace("\"namespaces\": [", network)
                .getBytes(StandardCharsets.UTF_8);
        assertTrue(planOf(devices).contains("NET_DEVICE"), planOf(devices));
        assertTrue(planOf(document(", \"seccomp\": " + notify)).contains("SECCOMP_LISTENER"));
        assertTrue(planOf(withMount(mount.formatted(ids, ids))).contains("USER_NAMESPACE"));
    }

    private String planOf(byte[] document) {
        WireReader answer = create(document, HYBRID, AT_ROOT);
        int status = answer.u32();
        if (status != 0) {
            return answer.string();
        }
        answer.u32();
        answer.string();
        places(answer);
        limits(answer);
        answer.bytes();
        answer.string();
        answer.strings();
        answer.strings();
        return PlanPrinter.print(answer.bytes());
    }

    private static byte[] withMount(String mount) {
        return new String(document(""), StandardCharsets.UTF_8)
                .replace("\"linux\"", "\"mounts\": [" + mount + "], \"linux\"")
                .getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void features_tellAllThatIsDone() {
        WireReader answer = new WireReader(
                service.answer(ByteBuffer.wrap(new WireWriter(8).u32(1).u32(4).toByteArray())));
        assertEquals(0, answer.u32());
        String features = new String(answer.bytes(), StandardCharsets.UTF_8);
        assertTrue(features.contains("\"rbind\""), features);
        assertTrue(features.contains("\"ridmap\""), features);
        assertTrue(features.contains("\"SCMP_ACT_NOTIFY\""), features);
        assertTrue(features.contains("\"SCMP_ARCH_X86_64\""), features);
        assertTrue(features.contains("\"MPOL_WEIGHTED_INTERLEAVE\""), features);
    }

    @Test
    void create_withUnknownProperty_warns() {
        WireReader answer = create(document(", \"fancy\": 1"), UNIFIED, "0::/\n");
        assertEquals(0, answer.u32());
        answer.u32();
        answer.string();
        places(answer);
        limits(answer);
        answer.bytes();
        answer.string();
        assertEquals(List.of("/linux/fancy: it is not known and has no effect"), answer.strings());
    }

    private WireReader exec(String user, List<String> args) {
        return exec(document(""), user, args);
    }

    private WireReader exec(byte[] document, String user, List<String> args) {
        WireWriter request = new WireWriter(1024).u32(1).u32(2).string("c1").string("/b");
        request.bytes(document).bytes(new byte[0]).strings(args).strings(List.of("B=2"));
        request.strings(List.of())
                .strings(List.of())
                .string("/tmp")
                .string(user)
                .string("")
                .string("");
        request.u32(0).u32(0).u32(0).u32(0).u32(0).u32(0);
        request.u32(1).u32(2).u32(2);
        return new WireReader(service.answer(ByteBuffer.wrap(request.toByteArray())));
    }

    @Test
    void exec_ofProgram_inheritsTheContainersProcess() {
        WireReader answer = exec("5:6", List.of("id"));
        assertEquals(0, answer.u32());
        answer.u32();
        assertEquals(List.of(), answer.strings());
        answer.strings();
        String plan = PlanPrinter.print(answer.bytes());
        assertTrue(plan.contains("A=1") && plan.contains("B=2") && plan.contains("/tmp"), plan);
    }

    @Test
    void exec_withMalformedUser_isRefused() {
        for (String user : List.of(" ", ":0", "-1", "0x0", "root", "1:", "4294967295", "1:2:3")) {
            String said = refusal(exec(user, List.of("id")));
            assertTrue(said.contains("--user"), said);
        }
    }

    @Test
    void update_ofMemory_answersItsPlace() {
        WireWriter request = new WireWriter(256).u32(1).u32(3).string("/x");
        request.bytes("{\"memory\": {\"limit\": 4096}}".getBytes(StandardCharsets.UTF_8))
                .string(HYBRID);
        WireReader answer = new WireReader(service.answer(ByteBuffer.wrap(request.toByteArray())));
        assertEquals(0, answer.u32());
        assertEquals(List.of("2 /sys/fs/cgroup/unified/x ", "1 /sys/fs/cgroup/memory/x memory"), places(answer));
        assertEquals(Long.MAX_VALUE, answer.u64(), "whatever is in use");
        assertEquals(List.of("memory memory.limit_in_bytes=4096 /linux/resources/memory/limit"), limits(answer));
    }

    @Test
    void update_checkedAgainstTheUse_answersWhatMayBeInUse() {
        WireWriter request = new WireWriter(256).u32(1).u32(3).string("/x");
        request.bytes("{\"memory\": {\"limit\": 4096, \"checkBeforeUpdate\": true}}".getBytes(StandardCharsets.UTF_8))
                .string(HYBRID);
        WireReader answer = new WireReader(service.answer(ByteBuffer.wrap(request.toByteArray())));
        assertEquals(0, answer.u32());
        places(answer);
        assertEquals(4096, answer.u64());
    }

    @Test
    void answer_toNonsense_isARefusal() {
        assertTrue(refusal(new WireReader(service.answer(
                        ByteBuffer.wrap(new WireWriter(8).u32(2).u32(1).toByteArray()))))
                .contains("version 2"));
        assertTrue(refusal(new WireReader(service.answer(
                        ByteBuffer.wrap(new WireWriter(8).u32(1).u32(9).toByteArray()))))
                .contains("request 9"));
        assertTrue(refusal(new WireReader(service.answer(
                        ByteBuffer.wrap(new WireWriter(8).u32(1).u32(1).u32(77).toByteArray()))))
                .contains("malformed"));
    }
}
