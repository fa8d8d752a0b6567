"""What callers of an OCI runtime are, as far as tests need them: a subreaper, a console socket."""
import array
import ctypes
import os
import socket
import subprocess
import sys

PR_SET_CHILD_SUBREAPER = 36


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


if __name__ == "__main__":
    if sys.argv[1] == "subreaper":
        subreaper(sys.argv[4:], sys.argv[2], sys.argv[3])
    else:
        console(sys.argv[2], sys.argv[3:])
