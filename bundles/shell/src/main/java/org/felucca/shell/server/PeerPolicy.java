package org.felucca.shell.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.felucca.posix.net.UnixSocket.Peer;

/**
 * Who may give commands: root, the daemon's own user, and members of the group that owns the socket (D14). The kernel
 * has checked the mode of the socket's file already; this holds where that mode was loosened by mistake.
 *
 * @param ownUid the daemon's user
 * @param group the group that owns the socket
 */
record PeerPolicy(int ownUid, int group) {
    /**
     * Reads the policy off a socket's file.
     *
     * @throws IOException if it cannot be read
     */
    static PeerPolicy of(Path socket) throws IOException {
        return new PeerPolicy((Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid"), (Integer)
                Files.getAttribute(socket, "unix:gid"));
    }

    /** Whether this peer may give commands. */
    boolean admits(Peer peer) {
        return peer.uid() == 0 || peer.uid() == ownUid || peer.gid() == group || group != 0 && inGroup(peer.pid());
    }

    private boolean inGroup(int pid) {
        try {
            List<String> status = Files.readAllLines(Path.of("/proc/" + pid + "/status"));
            return status.stream()
                    .filter(line -> line.startsWith("Groups:"))
                    .flatMap(line -> List.of(line.substring(7).strip().split("\\s+")).stream())
                    .anyMatch(Integer.toString(group)::equals);
        } catch (IOException e) {
            return false; // a peer that cannot be seen is not admitted
        }
    }
}
