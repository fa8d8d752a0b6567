package org.felucca.hcs.compile;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.felucca.hcs.document.MappedDirectory;
import org.felucca.hcs.document.MappedPipe;
import org.felucca.oci.runtimespec.Mount;

/** Mounts as mapped directories and mapped pipes. */
final class MountCompiler {
    private final List<MappedDirectory> directories = new ArrayList<>();
    private final List<MappedPipe> pipes = new ArrayList<>();

    MountCompiler(List<Mount> mounts) {
        for (int i = 0; i < mounts.size(); i++) {
            add("/mounts/" + i, mounts.get(i));
        }
    }

    List<MappedDirectory> directories() {
        return directories;
    }

    List<MappedPipe> pipes() {
        return pipes;
    }

    private void add(String pointer, Mount mount) {
        SpecProblem.refuse(pointer + "/uidMappings", !mount.uidMappings().isEmpty());
        String type = mount.type();
        if (type != null && !type.isEmpty() && !type.equals("bind")) {
            throw SpecProblem.unsupported(
                    pointer + "/type", "there is no file system '" + type + "'", "remove it to map a directory");
        }
        String source = mount.source();
        if (source == null || source.isEmpty()) {
            throw SpecProblem.invalid(pointer + "/source", "it is missing", "give a directory or pipe of the host");
        }
        boolean readOnly = readOnly(pointer, mount.options());
        if (WindowsPath.isPipe(mount.destination()) || WindowsPath.isPipe(source)) {
            addPipe(pointer, mount.destination(), source, readOnly);
        } else {
            addDirectory(pointer, mount.destination(), source, readOnly);
        }
    }

    private static boolean readOnly(String pointer, List<String> options) {
        boolean readOnly = false;
        for (int i = 0; i < options.size(); i++) {
            switch (options.get(i).toLowerCase(Locale.ROOT)) {
                case "ro" -> readOnly = true;
                case "rw" -> readOnly = false;
                case "bind", "rbind" -> {
                    // Every mount on Windows is one.
                }
                default ->
                    throw SpecProblem.unsupported(
                            pointer + "/options/" + i,
                            "there is no option '" + options.get(i) + "'",
                            "use ro, rw, bind or rbind");
            }
        }
        return readOnly;
    }

    private void addPipe(String pointer, String destination, String source, boolean readOnly) {
        if (!WindowsPath.isPipe(destination)) {
            throw SpecProblem.invalid(
                    pointer + "/destination",
                    destination,
                    "is no named pipe, but the source is one",
                    "begin it with " + WindowsPath.PIPE_PREFIX);
        }
        if (!WindowsPath.isPipe(source)) {
            throw SpecProblem.invalid(
                    pointer + "/source",
                    source,
                    "is no named pipe, but the destination is one",
                    "begin it with " + WindowsPath.PIPE_PREFIX);
        }
        if (readOnly) {
            throw SpecProblem.unsupported(pointer + "/options", "a named pipe is not mapped read-only", "remove ro");
        }
        String name = WindowsPath.pipeName(pointer + "/destination", destination);
        if (pipes.stream().anyMatch(pipe -> pipe.containerPipeName().equalsIgnoreCase(name))) {
            throw SpecProblem.invalid(pointer + "/destination", destination, "is taken", "mount each pipe once");
        }
        pipes.add(new MappedPipe(name, WindowsPath.PIPE_PREFIX + WindowsPath.pipeName(pointer + "/source", source)));
    }

    private void addDirectory(String pointer, String destination, String source, boolean readOnly) {
        String at = pointer + "/destination";
        String target = WindowsPath.absolute(at, destination);
        if (target.equalsIgnoreCase("C:\\")) {
            throw SpecProblem.invalid(at, destination, "is the container's root", "choose a directory or a free drive");
        }
        for (MappedDirectory other : directories) {
            if (WindowsPath.covers(other.containerPath(), target)
                    || WindowsPath.covers(target, other.containerPath())) {
                throw SpecProblem.invalid(
                        at,
                        destination,
                        "is within another mount, or holds it: " + other.containerPath(),
                        "on Windows mounts lie beside each other");
            }
        }
        directories.add(new MappedDirectory(WindowsPath.hostFile(pointer + "/source", source), target, readOnly));
    }
}
