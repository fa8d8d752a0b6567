package org.felucca.runtime.engine.cgroup;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.oci.runtimespec.linux.Memory;
import org.felucca.oci.runtimespec.linux.Resources;
import org.felucca.posix.fs.Dir;
import org.felucca.posix.fs.Errno;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.Open;
import org.felucca.posix.fs.PosixException;
import org.felucca.posix.poll.Epoll;
import org.felucca.posix.poll.PidFd;
import org.felucca.runtime.plan.compile.CgroupHierarchy;

/**
 * The cgroups of one task. Holds paths only; thread-safe.
 *
 * @param directories one for each hierarchy, version 2 first
 * @param unit systemd's, if it has made them; else empty
 */
public record TaskCgroup(List<CgroupDirectory> directories, String unit) {
    private static final String UNIT = "unit\t";
    private static final Duration LAST_BREATH = Duration.ofSeconds(5);
    private static final int SIGKILL = 9;

    /** Copies. */
    public TaskCgroup {
        directories = List.copyOf(directories);
    }

    /** Those that this runtime has made. */
    public TaskCgroup(List<CgroupDirectory> directories) {
        this(directories, "");
    }

    /** Reads what {@link #toText} wrote. */
    public static TaskCgroup parse(String text) {
        List<String> lines = text.lines().toList();
        String unit = lines.stream()
                .filter(line -> line.startsWith(UNIT))
                .map(line -> line.substring(UNIT.length()))
                .findFirst()
                .orElse("");
        return new TaskCgroup(
                lines.stream()
                        .filter(line -> !line.startsWith(UNIT))
                        .map(CgroupDirectory::ofLine)
                        .toList(),
                unit);
    }

    /** Returns a line for each directory, and one for the unit. */
    public String toText() {
        StringBuilder text = new StringBuilder();
        if (!unit.isEmpty()) {
            text.append(UNIT).append(unit).append('\n');
        }
        directories.forEach(directory -> text.append(directory.toLine()).append('\n'));
        return text.toString();
    }

    Optional<CgroupDirectory> unified() {
        return directories.stream()
                .filter(directory -> directory.version() == 2)
                .findFirst();
    }

    private Optional<CgroupDirectory> with(String controller) {
        return directories.stream()
                .filter(directory -> directory.has(controller))
                .findFirst();
    }

    /** Where all processes are found. */
    private Optional<CgroupDirectory> main() {
        return directories.stream().findFirst();
    }

    Fd open(String path) {
        return Dir.open(Fd.HOST, path, Open.RDONLY | Open.DIRECTORY, 0);
    }

    /** Opens every directory, in order; owned by the caller. */
    public List<Fd> openAll() {
        return openAll(directories.stream().map(CgroupDirectory::path).toList());
    }

    /**
     * Opens what another process of the task is to enter, in order; owned by the caller. In version 2 a cgroup that
     * hands controllers down takes no process: the task has made cgroups of its own, and it joins its first process.
     *
     * @param first pid of that
     */
    public List<Fd> openAllBeside(long first) {
        List<String> paths = new ArrayList<>(directories.size());
        for (CgroupDirectory directory : directories) {
            paths.add(handsDown(directory) ? placeOf(first, directory.path()) : directory.path());
        }
        return openAll(paths);
    }

    private static boolean handsDown(CgroupDirectory directory) {
        return directory.version() == 2
                && CgroupFiles.read(directory.path(), "cgroup.subtree_control")
                        .filter(controllers -> !controllers.isEmpty())
                        .isPresent();
    }

    /** Where a process is below a directory of version 2. */
    private static String placeOf(long pid, String directory) {
        return CgroupFiles.read("/proc/" + pid, "cgroup")
                .flatMap(text -> text.lines()
                        .filter(line -> line.startsWith("0::"))
                        .map(line -> line.substring(3))
                        .findFirst())
                .map(path -> directory + below(path, directory))
                .orElse(directory);
    }

    /** What a path from the hierarchy's root has beyond a directory, which is that path's mount point and its beginning. */
    static String below(String path, String directory) {
        for (int end = path.length(); end > 0; end = path.lastIndexOf('/', end - 1)) {
            if (directory.endsWith(path.substring(0, end))) {
                return path.substring(end);
            }
        }
        return "";
    }

    private List<Fd> openAll(List<String> paths) {
        List<Fd> opened = new ArrayList<>(paths.size());
        try {
            paths.forEach(path -> opened.add(open(path)));
            return opened;
        } catch (PosixException e) {
            opened.forEach(Fd::close);
            throw new FeluccaException(
                    ErrorCode.FAILED_PRECONDITION, "cannot enter the container's cgroups", e.getMessage(), null, e);
        }
    }

    /** Describes the directories for a plan, the first of them in this slot. */
    public List<CgroupHierarchy> hierarchies(int firstSlot) {
        List<CgroupHierarchy> result = new ArrayList<>(directories.size());
        for (int i = 0; i < directories.size(); i++) {
            CgroupDirectory directory = directories.get(i);
            result.add(new CgroupHierarchy(
                    firstSlot + i,
                    directory.version(),
                    directory.has("memory"),
                    i == 0,
                    directory.name(),
                    directory.version() == 1 ? directory.controllers() : List.of(),
                    directory.path()));
        }
        return result;
    }

    /** Writes new limits. What belongs to a hierarchy that the task is not in is refused. */
    void update(Resources resources) {
        apply(settings(resources));
    }

    /** What new limits mean here, if they can be. */
    List<Setting> settings(Resources resources) {
        Memory memory = resources.memory();
        if (memory != null && Boolean.TRUE.equals(memory.checkBeforeUpdate())) {
            check(memory);
        }
        boolean v2 = unified().filter(directory -> directory.name().isEmpty()).isPresent();
        return CgroupSettings.of(resources, v2);
    }

    /** What is used already must fit: else the kernel would reclaim, and kill where that is not enough. */
    private void check(Memory memory) {
        Long limit = memory.limit();
        long used = usage().memoryBytes();
        if (limit != null && limit >= 0 && limit < used) {
            throw new FeluccaException(
                    ErrorCode.FAILED_PRECONDITION,
                    "cannot set the container's limit at /linux/resources/memory/limit",
                    limit + " is less than the " + used + " bytes in use, and checkBeforeUpdate is set",
                    "give at least what is in use");
        }
    }

    void apply(List<Setting> settings) {
        for (Setting setting : settings) {
            CgroupDirectory directory = directory(setting);
            try {
                write(directory, setting);
            } catch (PosixException e) {
                throw refused(setting, e);
            }
        }
    }

    private CgroupDirectory directory(Setting setting) {
        Optional<CgroupDirectory> own = with(setting.controller());
        if (own.isEmpty()) {
            own = unified().filter(directory -> directory.name().isEmpty());
        }
        return own.orElseThrow(() -> new FeluccaException(
                ErrorCode.UNSUPPORTED,
                "unsupported container configuration at " + setting.pointer(),
                "the container was created without a limit of " + setting.controller() + " and has no cgroup for it",
                "create it with one"));
    }

    private static void write(CgroupDirectory directory, Setting setting) {
        try {
            CgroupFiles.write(directory.path(), setting.file(), setting.value());
        } catch (PosixException e) {
            if (directory.version() == 2 && e.is(Errno.ENOENT)) {
                Cgroups.enableAbove(directory.path(), setting.controller());
                CgroupFiles.write(directory.path(), setting.file(), setting.value());
                return;
            }
            if (raisesBoth(setting, e)) {
                CgroupFiles.write(directory.path(), "memory.memsw.limit_in_bytes", setting.value());
                CgroupFiles.write(directory.path(), setting.file(), setting.value());
                return;
            }
            throw e;
        }
    }

    /** Version 1 refuses a limit of memory above that of memory and swap: that one has to go up first. */
    private static boolean raisesBoth(Setting setting, PosixException e) {
        return setting.file().equals("memory.limit_in_bytes") && e.is(Errno.EINVAL);
    }

    private static FeluccaException refused(Setting setting, PosixException e) {
        ErrorCode code = switch (e.errno()) {
            case ENOENT -> ErrorCode.UNSUPPORTED;
            case EINVAL, ERANGE, EDOM, ENODEV -> ErrorCode.INVALID_ARGUMENT;
            case EBUSY -> ErrorCode.FAILED_PRECONDITION;
            default -> ErrorCode.INTERNAL;
        };
        String reason = e.is(Errno.ENOENT)
                ? "this host's cgroups have no file " + setting.file()
                : "the kernel refuses '" + setting.value() + "' for " + setting.file() + ": "
                        + e.errno().text();
        return new FeluccaException(code, "cannot set the container's limit at " + setting.pointer(), reason, null, e);
    }

    /** Freezes every process, and returns when they are frozen. */
    public void freeze() {
        Freezer.of(this).freeze();
    }

    /** Thaws every process. */
    public void thaw() {
        Freezer.of(this).thaw();
    }

    /** Whether the processes are frozen. */
    public boolean frozen() {
        return Freezer.of(this).frozen();
    }

    Optional<CgroupDirectory> freezer() {
        return unified().or(() -> with("freezer"));
    }

    /** Returns the pids of all its processes. */
    public List<Integer> processes() {
        return main().map(directory -> CgroupFiles.processes(directory.path())).orElse(List.of());
    }

    /** What it uses. */
    public CgroupUsage usage() {
        return CgroupUsage.read(this);
    }

    Optional<CgroupDirectory> directoryOf(String controller) {
        return with(controller);
    }

    /** Whether one of its directories is there. */
    boolean exists() {
        return directories.stream()
                .anyMatch(directory ->
                        Dir.statIfPresent(Fd.HOST, directory.path()).isPresent());
    }

    /** Kills every process, frozen ones too, and waits for their ends. */
    void killAll() {
        long deadline = System.nanoTime() + LAST_BREATH.toNanos();
        directories.forEach(directory -> kill(directory, deadline));
    }

    /**
     * Removes the cgroups; what still runs in them is killed first. What is gone already is fine.
     *
     * @throws FeluccaException FAILED_PRECONDITION if a process in them does not die
     */
    public void remove() {
        for (CgroupDirectory directory : directories) {
            try {
                CgroupFiles.remove(directory.path());
            } catch (PosixException e) {
                if (!e.is(Errno.EBUSY)) {
                    throw stuck(directory, e);
                }
                clear(directory);
            }
        }
    }

    private static void clear(CgroupDirectory directory) {
        long deadline = System.nanoTime() + LAST_BREATH.toNanos();
        while (true) {
            kill(directory, deadline);
            try {
                CgroupFiles.remove(directory.path());
                return;
            } catch (PosixException e) {
                if (!e.is(Errno.EBUSY) || System.nanoTime() > deadline) {
                    throw stuck(directory, e);
                }
            }
        }
    }

    /** Kills every process, thaws them into it, and waits for their ends. */
    private static void kill(CgroupDirectory directory, long deadline) {
        List<Fd> dying = new ArrayList<>();
        try (Epoll epoll = Epoll.create()) {
            for (int pid : CgroupFiles.processes(directory.path())) {
                openProcess(pid).ifPresent(process -> {
                    dying.add(process);
                    PidFd.signal(process, SIGKILL);
                    epoll.add(process, Epoll.IN, dying.size() - 1L);
                });
            }
            if (directory.has("freezer")) {
                CgroupFiles.write(directory.path(), "freezer.state", "THAWED");
            }
            int left = dying.size();
            while (left > 0) {
                long rest = deadline - System.nanoTime();
                int ready = rest <= 0 ? 0 : epoll.await(Duration.ofNanos(rest));
                if (ready == 0) {
                    return;
                }
                for (int i = 0; i < ready; i++) {
                    epoll.remove(dying.get((int) epoll.token(i)));
                    left--;
                }
            }
        } finally {
            dying.forEach(Fd::close);
        }
    }

    private static Optional<Fd> openProcess(int pid) {
        try {
            return Optional.of(PidFd.open(pid));
        } catch (PosixException e) {
            if (e.is(Errno.ESRCH)) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static FeluccaException stuck(CgroupDirectory directory, PosixException e) {
        return new FeluccaException(
                ErrorCode.FAILED_PRECONDITION,
                "cannot remove cgroup " + directory.path(),
                String.valueOf(e.getMessage()),
                "try again when its processes have ended",
                e);
    }
}
