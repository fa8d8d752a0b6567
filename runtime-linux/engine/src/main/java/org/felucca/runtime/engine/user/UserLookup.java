package org.felucca.runtime.engine.user;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.posix.fs.Dir;
import org.felucca.posix.fs.Errno;
import org.felucca.posix.fs.Fd;
import org.felucca.posix.fs.FileType;
import org.felucca.posix.fs.Io;
import org.felucca.posix.fs.Names;
import org.felucca.posix.fs.Open;
import org.felucca.posix.fs.PosixException;
import org.felucca.posix.fs.Resolve;
import org.felucca.posix.fs.Stat;

/**
 * Resolves {@code user[:group]} in a root file system. Paths are resolved inside the root, whatever links the image
 * has; files must be regular and of a sane size. Thread-safe.
 */
public final class UserLookup {
    private static final int MOST_BYTES = 16 << 20;
    private static final long MOST_ID = Integer.MAX_VALUE;

    private final Fd root;

    /** @param root the root file system; stays the caller's */
    public UserLookup(Fd root) {
        this.root = root;
    }

    /**
     * A user of the container.
     *
     * @param uid user id
     * @param gid primary group id
     * @param groups supplementary group ids
     * @param home home directory; {@code /} if none is known
     */
    public record Identity(long uid, long gid, List<Long> groups, String home) {
        /** Copies. */
        public Identity {
            groups = List.copyOf(groups);
        }
    }

    private record PasswdEntry(String name, long uid, long gid, String home) {}

    private record GroupEntry(String name, long gid, List<String> members) {}

    /**
     * Looks up. A number need not be in the files; a name must. Without a group the user's own counts, with its
     * supplementary groups; with one that one alone.
     *
     * @throws FeluccaException NOT_FOUND if a name is not there; INVALID_ARGUMENT for a number out of range
     */
    public Identity find(String userAndGroup) {
        int colon = userAndGroup.indexOf(':');
        String user = colon < 0 ? userAndGroup : userAndGroup.substring(0, colon);
        String group = colon < 0 ? "" : userAndGroup.substring(colon + 1);
        Optional<PasswdEntry> entry = passwd(user.isEmpty() ? "0" : user);
        long uid = entry.map(PasswdEntry::uid).orElseGet(() -> number(user, "user", "/etc/passwd"));
        String home = entry.map(PasswdEntry::home)
                .filter(path -> path.startsWith("/"))
                .orElse("/");
        if (!group.isEmpty()) {
            return new Identity(uid, group(group), List.of(), home);
        }
        long gid = entry.map(PasswdEntry::gid).orElse(0L);
        List<Long> groups = entry.map(found -> memberships(found.name())).orElse(List.of());
        return new Identity(uid, gid, groups, home);
    }

    private Optional<PasswdEntry> passwd(String user) {
        Optional<PasswdEntry> byNumber = Optional.empty();
        for (String line : lines("/etc/passwd")) {
            String[] fields = line.split(":", -1);
            if (fields.length < 7 || !isNumber(fields[2]) || !isNumber(fields[3])) {
                continue;
            }
            if (fields[0].equals(user)) {
                return Optional.of(entry(fields));
            }
            if (byNumber.isEmpty() && fields[2].equals(user)) {
                byNumber = Optional.of(entry(fields));
            }
        }
        return byNumber;
    }

    private static PasswdEntry entry(String[] fields) {
        return new PasswdEntry(fields[0], Long.parseLong(fields[2]), Long.parseLong(fields[3]), fields[5]);
    }

    private long group(String group) {
        Optional<GroupEntry> byNumber = Optional.empty();
        for (GroupEntry entry : groups()) {
            if (entry.name().equals(group)) {
                return entry.gid();
            }
            if (Long.toString(entry.gid()).equals(group)) {
                byNumber = Optional.of(entry);
            }
        }
        return byNumber.map(GroupEntry::gid).orElseGet(() -> number(group, "group", "/etc/group"));
    }

    private List<Long> memberships(String user) {
        List<Long> result = new ArrayList<>();
        for (GroupEntry entry : groups()) {
            if (entry.members().contains(user)) {
                result.add(entry.gid());
            }
        }
        return result;
    }

    private List<GroupEntry> groups() {
        List<GroupEntry> entries = new ArrayList<>();
        for (String line : lines("/etc/group")) {
            String[] fields = line.split(":", -1);
            if (fields.length >= 4 && isNumber(fields[2])) {
                entries.add(new GroupEntry(fields[0], Long.parseLong(fields[2]), List.of(fields[3].split(","))));
            }
        }
        return entries;
    }

    private static boolean isNumber(String text) {
        if (text.isEmpty() || text.length() > 10) {
            return false;
        }
        return text.chars().allMatch(c -> c >= '0' && c <= '9') && Long.parseLong(text) <= 0xffffffffL;
    }

    private static long number(String text, String what, String file) {
        if (!text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            if (text.length() <= 10 && Long.parseLong(text) <= MOST_ID) {
                return Long.parseLong(text);
            }
            throw new FeluccaException(
                    ErrorCode.INVALID_ARGUMENT, "invalid " + what + " " + text, "it is not within 0.." + MOST_ID);
        }
        throw new FeluccaException(
                ErrorCode.NOT_FOUND,
                "cannot find " + what + " '" + text + "' in the container",
                "no entry in its " + file,
                "use a name from the image, or a number");
    }

    /** Empty if there is no such file. */
    private List<String> lines(String path) {
        try (Fd file = Dir.openIn(root, path, Open.RDONLY | Open.NONBLOCK, 0, Resolve.CONTAINED)) {
            Stat stat = Io.stat(file);
            if (stat.type() != FileType.REGULAR || stat.size() > MOST_BYTES) {
                throw new FeluccaException(
                        ErrorCode.FAILED_PRECONDITION,
                        "cannot read " + path + " in the container",
                        "it is no regular file of at most " + MOST_BYTES + " bytes");
            }
            ByteBuffer buffer = ByteBuffer.allocateDirect((int) stat.size());
            while (buffer.hasRemaining() && Io.read(file, buffer) > 0) {
                continue;
            }
            byte[] bytes = new byte[buffer.flip().remaining()];
            buffer.get(bytes);
            return List.of(Names.decode(bytes).split("\n"));
        } catch (PosixException e) {
            if (e.is(Errno.ENOENT) || e.is(Errno.ENOTDIR)) {
                return List.of();
            }
            throw new FeluccaException(
                    ErrorCode.FAILED_PRECONDITION,
                    "cannot read " + path + " in the container",
                    e.errno().text(),
                    null,
                    e);
        }
    }
}
