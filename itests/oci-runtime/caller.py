"""What callers of an OCI runtime are, as far as tests need them: a subreaper, a console socket, a seccomp agent."""
import array
import ctypes
import fcntl
import json
import os
import select
import socket
import struct
import subprocess
import sys

PR_SET_CHILD_SUBREAPER = 36
SECCOMP_NOTIF_RECV = 0xC0502100
SECCOMP_NOTIF_SEND = 0xC0182101
ECHRNG = 44


def subreaper(runtime, pid_file, container):
    """Creates and starts as conmon does: init becomes this process's child, its status is ours to reap."""
    if ctypes.CDLL(None, use_errno=True).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        sys.exit("no subreaper")
    subprocess.run([*runtime, "create", "--bundle", ".", "--pid-file", pid_file, container], check=True)
    with open(pid_file, encoding="ascii") as file:
        pid = int(file.read())
    with open(f"/proc/{pid}/status", encoding="ascii") as file:
        parent = next(int(line.split()[1]) for line in file if line.startswith("PPid:"))
    if parent != os.getpid():
        sys.exit(f"init is a child of {parent}")
    subprocess.run([*runtime, "start", container], check=True)
    while True:
        ended, status = os.waitpid(-1, 0)
        if ended == pid:
            sys.exit(os.waitstatus_to_exitcode(status))


def console(path, command):
    """Listens at path while command runs, then prints what comes out of the terminal it was sent."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server:
        server.bind(path)
        server.listen(1)
        server.settimeout(30)
        # The caller must see the end of this pipe although the container lives on.
        subprocess.run(command, check=True, stdout=subprocess.PIPE, timeout=30)
        connection, _ = server.accept()
        _, ancillary, _, _ = connection.recvmsg(64, socket.CMSG_SPACE(4))
        master = array.array("i", ancillary[0][2])[0]
    while True:
        try:
            data = os.read(master, 4096)
        except OSError:  # EIO: the last process of the terminal is gone
            break
        if not data:
            break
        sys.stdout.buffer.write(data)


def take_listener(server):
    """Takes what a runtime sends, and says for which pid and in which status of the container."""
    connection, _ = server.accept()
    with connection:
        document, ancillary, _, _ = connection.recvmsg(65536, socket.CMSG_SPACE(4))
    state = json.loads(document)
    print("listener:", state["state"]["status"], "fds:", *state["fds"], "pid:", type(state["pid"]).__name__, flush=True)
    return array.array("i", ancillary[0][2])[0]


def refuse(listener):
    """Answers a call by ECHRNG, which no kernel says by itself."""
    asked = bytearray(80)
    try:
        fcntl.ioctl(listener, SECCOMP_NOTIF_RECV, asked)
        fcntl.ioctl(listener, SECCOMP_NOTIF_SEND, struct.pack("=QqiI", struct.unpack_from("=Q", asked)[0], 0, -ECHRNG, 0))
    except FileNotFoundError:  # it was killed while it asked
        pass


def agent(path, command):
    """Listens at path while command runs, and serves listeners until their last process has ended."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server:
        server.bind(path)
        server.listen(8)
        running = subprocess.Popen(command, stdin=subprocess.DEVNULL)
        listeners = select.poll()
        listeners.register(server, select.POLLIN)
        served = []
        while not served or open_ones(served):
            for fd, event in listeners.poll(30000) or sys.exit("nobody comes"):
                if fd == server.fileno():
                    served.append(take_listener(server))
                    listeners.register(served[-1], select.POLLIN)
                elif event & select.POLLIN:
                    refuse(fd)
                else:
                    listeners.unregister(fd)
                    os.close(fd)
                    served[served.index(fd)] = None
    os.unlink(path)
    sys.exit(running.wait(30))


def open_ones(served):
    return [fd for fd in served if fd is not None]


FEATURES = struct.pack("=III", 8, 1, 4)


def leaver(path, when, command):
    """A compiler that goes while it is asked, once: when it is connected, has read the request, or has begun to answer."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server:
        server.bind(path)
        server.listen(1)
        server.settimeout(30)
        running = subprocess.Popen(command)
        connection, _ = server.accept()
        os.unlink(path)
    with connection:
        connection.recv(1, socket.MSG_PEEK)
        if when != "connected":  # else the client is still sending: a request is larger than what a socket holds
            head = connection.recv(4, socket.MSG_WAITALL)
            connection.recv(struct.unpack("=I", head)[0], socket.MSG_WAITALL)
        if when == "answering":
            connection.sendall(struct.pack("=III", 64, 0, 0))
    sys.exit(running.wait(60))


def ask(path):
    """Asks a compiler for its features."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(30)
        connection.connect(path)
        try:
            connection.sendall(FEATURES)
            answer = connection.recv(8, socket.MSG_WAITALL)
        except ConnectionError:
            answer = b""
    if len(answer) != 8 or answer[4:] != bytes(4):
        sys.exit("no answer")


if __name__ == "__main__":
    if sys.argv[1] == "subreaper":
        subreaper(sys.argv[4:], sys.argv[2], sys.argv[3])
    elif sys.argv[1] == "agent":
        agent(sys.argv[2], sys.argv[3:])
    elif sys.argv[1] == "leaver":
        leaver(sys.argv[2], sys.argv[3], sys.argv[4:])
    elif sys.argv[1] == "ask":
        ask(sys.argv[2])
    else:
        console(sys.argv[2], sys.argv[3:])
