package org.felucca.runtime.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.process.WindowSize;
import org.felucca.api.runtime.Task;
import org.felucca.api.runtime.TaskIo;
import org.felucca.oci.runtimespec.Spec;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Properties of config.json from the document to what the program sees. Documents are written as they are in bundles. */
class SpecPropertiesTest {
    @TempDir
    static Path directory;

    private static EngineFixture engine;

    @BeforeAll
    static void start() throws IOException {
        engine = new EngineFixture(directory);
    }

    @AfterAll
    static void stop() {
        engine.close();
    }

    @AfterEach
    void nothingIsLeft() throws IOException {
        assertEquals(List.of(), engine.leftovers());
    }

    private static final String NAMESPACES = "{'type':'pid'},{'type':'mount'},{'type':'ipc'},{'type':'uts'}";

    /**
     * A document, in single quotes.
     *
     * @param script for the shell
     * @param namespaces the list's content
     * @param process more members of the process, each with a comma before it
     * @param mounts more mounts, each with a comma before it
     * @param linux more members of linux, each with a comma before it
     * @param top more members of the document, each with a comma before it
     */
    private record Document(String script, String namespaces, String process, String mounts, String linux, String top) {
        static Document of(String script) {
            return new Document(script, NAMESPACES, "", "", "", "");
        }

        Document namespaces(String list) {
            return new Document(script, list, process, mounts, linux, top);
        }

        Document process(String members) {
            return new Document(script, namespaces, members, mounts, linux, top);
        }

        Document mounts(String more) {
            return new Document(script, namespaces, process, more, linux, top);
        }

        Document linux(String members) {
            return new Document(script, namespaces, process, mounts, members, top);
        }

        Document top(String members) {
            return new Document(script, namespaces, process, mounts, linux, members);
        }

        Spec spec() {
            String text = """
                    {'ociVersion':'1.3.0',
                     'process':{'user':{'uid':0,'gid':0,'additionalGids':[10,77]},'cwd':'/','env':['PATH=/bin'],
                       'args':['sh','-c','SCRIPT']%s},
                     'mounts':[{'destination':'/proc','type':'proc','source':'proc'},
                       {'destination':'/dev','type':'tmpfs','source':'tmpfs','options':['nosuid','mode=755']}%s],
                     'linux':{'namespaces':[%s]%s}%s}
                    """.formatted(process, mounts, namespaces, linux, top)
                    .replace('\'', '"')
                    .replace("SCRIPT", script);
            Spec.Parsed parsed = Spec.parse(text.getBytes(StandardCharsets.UTF_8));
            assertEquals(List.of(), parsed.unknown());
            return parsed.spec();
        }
    }

    private static String run(String id, Document document) throws IOException {
        Task task = engine.runtime()
                .create(engine.request(id, document.spec())
                        .startImmediately(true)
                        .build());
        return engine.output(id, task);
    }

    private static FeluccaException refusal(String id, Document document) {
        return assertThrows(FeluccaException.class, () -> run(id, document));
    }

    @Test
    void names_ofHostAndDomain_areSet() throws IOException {
        assertEquals(
                "h\nd.example\n",
                run(
                        "names",
                        Document.of("hostname; cat /proc/sys/kernel/domainname")
                                .top(",'hostname':'h','domainname':'d.example'")));
    }

    @Test
    void process_groupsCapabilitiesAndScore_areSet() throws IOException {
        String text = run(
                "identity",
                Document.of("cat /proc/self/oom_score_adj; grep -E '^(Groups|Cap)' /proc/self/status")
                        .process(",'oomScoreAdj':500,'capabilities':{'bounding':['CAP_KILL','CAP_CHOWN'],"
                                + "'permitted':['CAP_KILL'],'effective':['CAP_KILL'],'inheritable':['CAP_KILL'],"
                                + "'ambient':['CAP_KILL']}"));
        assertTrue(text.startsWith("500\nGroups:\t10 77 "), text);
        assertTrue(text.contains("CapInh:\t0000000000000020"), text);
        assertTrue(text.contains("CapBnd:\t0000000000000021"), text);
        assertTrue(text.contains("CapAmb:\t0000000000000020"), text);
    }

    @Test
    void process_schedulerPriorityAndMemoryPolicy_areSet() throws IOException {
        String text = run(
                "scheduling",
                Document.of("/bin/busybox ionice -p $$; grep -E '^(policy|prio) ' /proc/self/sched;"
                                + " grep -c bind=static:0 /proc/self/numa_maps; uname -m")
                        .process(",'scheduler':{'policy':'SCHED_BATCH','nice':5},"
                                + "'ioPriority':{'class':'IOPRIO_CLASS_IDLE','priority':0}")
                        .linux(",'personality':{'domain':'LINUX32'},'memoryPolicy':{'mode':'MPOL_BIND','nodes':'0',"
                                + "'flags':['MPOL_F_STATIC_NODES']}"));
        assertTrue(text.startsWith("idle"), text);
        assertTrue(text.replace(" ", "").contains("policy:3"), text);
        assertTrue(text.replace(" ", "").contains("prio:125"), text);
        assertFalse(text.contains("\n0\n"), text);
        assertTrue(text.endsWith("i686\n"), text);
    }

    @Test
    void timeOffsets_moveTheClock() throws IOException {
        String text = run(
                "time",
                Document.of("cat /proc/uptime")
                        .namespaces(NAMESPACES + ",{'type':'time'}")
                        .linux(",'timeOffsets':{'boottime':{'secs':1000000000,'nanosecs':5},'monotonic':{'secs':7}}"));
        assertTrue(Double.parseDouble(text.split(" ")[0]) > 1_000_000_000, text);
    }

    @Test
    void mounts_optionsOfTheTable_areSeenInMountinfo() throws IOException {
        String text = run(
                "options",
                Document.of("cat /proc/self/mountinfo")
                        .mounts(",{'destination':'/m1','type':'tmpfs','source':'t','options':"
                                + "['ro','nosuid','nodev','noexec','noatime','nodiratime','nosymfollow','sync',"
                                + "'dirsync','lazytime','shared','size=1m','defaults','silent','noiversion']},"
                                + "{'destination':'/m2','type':'tmpfs','source':'t','options':"
                                + "['ro','rw','nosuid','suid','nodev','dev','noexec','exec','noatime','atime',"
                                + "'nodiratime','diratime','nosymfollow','symfollow','sync','async','lazytime',"
                                + "'nolazytime','mand','nomand','strictatime','norelatime','loud','slave']},"
                                + "{'destination':'/m3','type':'tmpfs','source':'t','options':['relatime',"
                                + "'nostrictatime','unbindable']},"
                                + "{'destination':'/m4','type':'tmpfs','source':'t','options':['strictatime']}"));
        String first = line(text, "/m1");
        for (String option : List.of(
                "ro,",
                "nosuid",
                "nodev",
                "noexec",
                "noatime",
                "nodiratime",
                "nosymfollow",
                "sync",
                "dirsync",
                "lazytime",
                "shared:",
                "size=1024k")) {
            assertTrue(first.contains(option), option + " is not in " + first);
        }
        assertTrue(line(text, "/m2").contains(" /m2 rw,relatime - tmpfs t rw"), line(text, "/m2"));
        assertTrue(line(text, "/m3").contains(" /m3 rw,relatime unbindable - "), line(text, "/m3"));
        assertTrue(line(text, "/m4").contains(" /m4 rw - "), line(text, "/m4"));
    }

    private static String line(String text, String target) {
        return text.lines()
                .filter(line -> line.contains(" " + target + " "))
                .findFirst()
                .orElse("");
    }

    @Test
    void mounts_recursiveOptions_reachWhatIsMountedBelow() throws IOException {
        Path tree = Files.createDirectories(directory.resolve("tree/below"));
        String text = run(
                "recursive",
                Document.of("cat /proc/self/mountinfo")
                        .mounts(",{'destination':'/t1','source':'/dev','options':['rbind','rro','rnosuid','rnodev',"
                                + "'rnoexec','rnoatime','rnodiratime','rnosymfollow','rprivate']},"
                                + "{'destination':'/t2','source':'/dev','options':['rbind','ro','rslave']},"
                                + "{'destination':'/t3','source':'" + tree.getParent() + "','options':['bind']},"
                                + "{'destination':'/t3','options':['bind','remount','ro','noexec']}"));
        String top = line(text, "/t1");
        String below = line(text, "/t1/pts");
        for (String option : List.of("ro,", "nosuid", "nodev", "noexec", "noatime", "nodiratime", "nosymfollow")) {
            assertTrue(top.contains(option), option + " is not in " + top);
            assertTrue(below.contains(option), option + " is not in " + below);
        }
        assertTrue(line(text, "/t2").contains(" /t2 ro,"), line(text, "/t2"));
        assertTrue(line(text, "/t2/pts").contains(" /t2/pts rw,"), line(text, "/t2/pts"));
        assertTrue(line(text, "/t3").contains(" /t3 ro,noexec,"), line(text, "/t3"));
    }

    @Test
    void mounts_tmpcopyup_keepsWhatTheImageHas() throws IOException {
        String text = run(
                "copyup",
                Document.of("ls /etc; echo x > /etc/new; grep -c ' /etc ' /proc/self/mountinfo")
                        .mounts(",{'destination':'/etc','type':'tmpfs','source':'t','options':['tmpcopyup']}"));
        assertTrue(text.contains("passwd\n") && text.endsWith("1\n"), text);
        assertFalse(Files.exists(engine.root.resolve("etc/new")));
    }

    @Test
    void mounts_ownMappings_shiftOwners() throws IOException {
        Path source = Files.createDirectories(directory.resolve("mapped-source"));
        Files.setPosixFilePermissions(source, PosixFilePermissions.fromString("rwxrwxrwx"));
        String text = run(
                "idmap",
                Document.of("stat -c %u:%g /mapped; touch /mapped/f")
                        .mounts(",{'destination':'/mapped','source':'" + source + "','options':['rbind','ridmap'],"
                                + "'uidMappings':[{'containerID':0,'hostID':5000,'size':1},"
                                + "{'containerID':7,'hostID':0,'size':1}],"
                                + "'gidMappings':[{'containerID':0,'hostID':6000,'size':1},"
                                + "{'containerID':8,'hostID':0,'size':1}]}"));
        assertEquals("5000:6000\n", text);
        assertEquals(7, Files.getAttribute(source.resolve("f"), "unix:uid"));
        assertEquals(8, Files.getAttribute(source.resolve("f"), "unix:gid"));
    }

    @Test
    void rootfsPropagation_isSeenInMountinfo() throws IOException {
        for (String wanted : List.of("shared", "rshared", "private", "slave", "rslave", "unbindable")) {
            String text = run(
                    "propagation-" + wanted,
                    Document.of("grep ' / / ' /proc/self/mountinfo || grep ' / rw' /proc/self/mountinfo")
                            .linux(",'rootfsPropagation':'" + wanted + "'"));
            assertEquals(wanted.endsWith("shared"), text.contains("shared:"), wanted + ": " + text);
            assertEquals(wanted.equals("unbindable"), text.contains("unbindable"), wanted + ": " + text);
        }
    }

    @Test
    void devices_haveModeOwnerAndNumber() throws IOException {
        String text = run(
                "devices",
                Document.of("stat -c '%n %F %t:%T %a %u:%g' /dev/fuse0 /dev/loop /dev/pipe /dev/plain")
                        .linux(",'devices':[{'path':'/dev/fuse0','type':'c','major':10,'minor':229,'fileMode':416,"
                                + "'uid':3,'gid':4},{'path':'/dev/loop','type':'b','major':7,'minor':0,'fileMode':384},"
                                + "{'path':'/dev/pipe','type':'p','fileMode':438},"
                                + "{'path':'/dev/plain','type':'u','major':1,'minor':3}]"));
        assertEquals(
                "/dev/fuse0 character special file a:e5 640 3:4\n/dev/loop block special file 7:0 600 0:0\n"
                        + "/dev/pipe fifo 0:0 666 0:0\n/dev/plain character special file 1:3 666 0:0\n",
                text);
    }

    @Test
    void namespaces_byPath_areJoined() throws IOException {
        String links = run(
                "paths",
                Document.of("readlink /proc/self/ns/net; readlink /proc/self/ns/cgroup")
                        .namespaces(NAMESPACES + ",{'type':'network','path':'/proc/self/ns/net'},"
                                + "{'type':'cgroup','path':'/proc/self/ns/cgroup'}"));
        assertEquals(
                Files.readSymbolicLink(Path.of("/proc/self/ns/net")) + "\n"
                        + Files.readSymbolicLink(Path.of("/proc/self/ns/cgroup")) + "\n",
                links);
    }

    @Test
    void seccomp_argumentsAndErrno_decide() throws IOException {
        String text = run(
                "seccomp-args",
                Document.of("chmod 700 /tmp && echo allowed; (chmod 711 /tmp) 2>&1")
                        .linux(",'seccomp':{'defaultAction':'SCMP_ACT_ALLOW','architectures':['SCMP_ARCH_X86_64',"
                                + "'SCMP_ARCH_X86'],'flags':['SECCOMP_FILTER_FLAG_SPEC_ALLOW'],"
                                + "'syscalls':[{'names':['chmod'],'action':'SCMP_ACT_ERRNO','errnoRet':30,"
                                + "'args':[{'index':1,'value':63,'valueTwo':9,'op':'SCMP_CMP_MASKED_EQ'}]}]}"));
        assertTrue(text.startsWith("allowed\n"), text);
        assertTrue(text.contains("Read-only file system"), text);
    }

    @ParameterizedTest
    @CsvSource({
        "NE,448,0,644 711",
        "LT,448,0,644",
        "LE,448,0,644 700",
        "EQ,448,0,700",
        "GE,448,0,700 711",
        "GT,448,0,711",
        "MASKED_EQ,63,9,711"
    })
    void seccomp_everyOperator_decidesAsNamed(String operator, int value, int second, String denied)
            throws IOException {
        String text = run(
                "seccomp-" + operator,
                Document.of("for m in 644 700 711; do chmod $m /tmp 2>/dev/null || echo -n $m,; done; echo")
                        .linux((",'seccomp':{'defaultAction':'SCMP_ACT_ALLOW','syscalls':[{'names':['chmod'],"
                                        + "'action':'SCMP_ACT_ERRNO','args':[{'index':1,'value':%d,'valueTwo':%d,"
                                        + "'op':'SCMP_CMP_%s'}]}]}")
                                .formatted(value, second, operator)));
        assertEquals(denied.replace(" ", ",") + ",\n", text);
    }

    @Test
    void hooks_allSix_runInOrderWithTheState() throws IOException {
        Path log = directory.resolve("hooks.log");
        Path inside = Files.writeString(
                engine.root.resolve("bin/hook"), "#!/bin/sh\nread state; echo \"start $state\" > /hook.log\n");
        Files.setPosixFilePermissions(inside, PosixFilePermissions.fromString("rwxr-xr-x"));
        StringBuilder hooks =
                new StringBuilder(",'hooks':{'startContainer':[{'path':'/bin/hook','env':['PATH=/bin']}]");
        for (String stage : List.of("prestart", "createRuntime", "createContainer", "poststart", "poststop")) {
            Path hook =
                    Files.writeString(directory.resolve(stage), "#!/bin/sh\necho \"$1 $X $(cat)\" >> " + log + "\n");
            Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwxr-xr-x"));
            hooks.append(",'%s':[{'path':'%s','args':['hook','%s'],'env':['X=1','PATH=/bin:/usr/bin'],'timeout':10}]"
                    .formatted(stage, hook, stage));
        }
        run(
                "hooks",
                Document.of("true")
                        .top(hooks.append("},'annotations':{'a':'b'}").toString()));
        List<String> lines = Files.readAllLines(log);
        assertEquals(5, lines.size(), lines::toString);
        assertTrue(lines.get(0)
                .startsWith("prestart 1 {\"ociVersion\":\"1.3.0\",\"id\":\"hooks\",\"status\":\"creating\",\"pid\":"));
        assertTrue(lines.get(1).startsWith("createRuntime 1 ") && lines.get(1).contains("\"creating\""));
        assertTrue(lines.get(2).startsWith("createContainer 1 ") && lines.get(2).contains("\"creating\""));
        assertTrue(lines.get(3).startsWith("poststart 1 ") && lines.get(3).contains("\"running\""));
        assertTrue(lines.get(4).startsWith("poststop 1 ") && lines.get(4).contains("\"stopped\""));
        assertTrue(lines.get(0).endsWith("\"annotations\":{\"a\":\"b\"}}"), lines.get(0));
        String inner = Files.readString(engine.root.resolve("hook.log"));
        assertTrue(inner.startsWith("start ") && inner.contains("\"status\":\"created\""), inner);
    }

    @Test
    void hooks_poststartFails_theContainerIsStoppedAndTheErrorNamesIt() throws IOException {
        Path hook = Files.writeString(directory.resolve("failing"), "#!/bin/sh\necho broken >&2\nexit 3\n");
        Files.setPosixFilePermissions(hook, PosixFilePermissions.fromString("rwxr-xr-x"));
        FeluccaException failure = refusal(
                "poststart-fails", Document.of("sleep 4712").top(",'hooks':{'poststart':[{'path':'" + hook + "'}]}"));
        assertTrue(failure.getMessage().contains("exit status 3: broken"), failure.getMessage());
        assertTrue(failure.getMessage().endsWith("(/hooks/poststart/0)"), failure.getMessage());
    }

    @Test
    void sysctl_ofTheIpcNamespace_isSet() throws IOException {
        assertEquals(
                "4242\n",
                run(
                        "sysctl-ipc",
                        Document.of("cat /proc/sys/kernel/msgmax").linux(",'sysctl':{'kernel.msgmax':'4242'}")));
    }

    @Test
    void terminal_withoutAWindow_hasTheSizeOfTheDocument() throws IOException {
        Document document = Document.of("stty size; tty")
                .mounts(",{'destination':'/dev/pts','type':'devpts','source':'devpts',"
                        + "'options':['newinstance','ptmxmode=0666','mode=0620']}")
                .process(",'terminal':true,'consoleSize':{'height':33,'width':111}");
        TaskIo io =
                TaskIo.NONE.terminal(new WindowSize(0, 0)).log(new TaskIo.LogFile(engine.logs.resolve("size"), 0, 1));
        Task task = engine.runtime()
                .create(engine.request("size", document.spec())
                        .io(io)
                        .startImmediately(true)
                        .build());
        assertEquals("33 111\n/dev/pts/0\n", engine.output("size", task).replace("\r", ""));
    }
}
