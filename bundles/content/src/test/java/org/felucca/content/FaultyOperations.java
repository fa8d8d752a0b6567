package org.felucca.content;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;

/**
 * The real file system until a step that was chosen; that step fails with a text of the C library. A write that fails
 * writes half of its bytes first, as a full disk does. After a crash every step fails.
 */
final class FaultyOperations implements FileOperations {
    private final List<String> steps = new ArrayList<>();
    private int failAt = Integer.MAX_VALUE;
    private boolean crash;
    private String text = "";

    /** Fails the n-th step from now on (0 is the next one), that one alone. */
    void fail(int step, String errno) {
        steps.clear();
        failAt = step;
        text = errno;
        crash = false;
    }

    /** Fails the n-th step from now on and all after it, as a process that is gone. */
    void crash(int step) {
        fail(step, "the process is gone");
        crash = true;
    }

    /** The steps seen since the last choice. */
    List<String> steps() {
        return steps;
    }

    @Override
    public void createDirectory(Path directory) throws IOException {
        step("createDirectory", directory);
        FileOperations.super.createDirectory(directory);
    }

    @Override
    public FileChannel open(Path file, OpenOption... options) throws IOException {
        step("open", file);
        return FileOperations.super.open(file, options);
    }

    @Override
    public void write(FileChannel channel, ByteBuffer source, long position) throws IOException {
        boolean dead = crash && steps.size() >= failAt;
        try {
            step("write", Path.of("data"));
        } catch (IOException e) {
            if (!dead) {
                ByteBuffer half = source.slice(source.position(), source.remaining() / 2);
                FileOperations.super.write(channel, half, position);
            }
            throw e;
        }
        FileOperations.super.write(channel, source, position);
    }

    @Override
    public void truncate(FileChannel channel, long size) throws IOException {
        step("truncate", Path.of("data"));
        FileOperations.super.truncate(channel, size);
    }

    @Override
    public void seal(Path file, FileTime time) throws IOException {
        step("seal", file);
        FileOperations.super.seal(file, time);
    }

    @Override
    public void force(FileChannel channel) throws IOException {
        step("force", Path.of("data"));
        FileOperations.super.force(channel);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        step("rename", to);
        FileOperations.super.rename(from, to);
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        step("forceDirectory", directory);
        FileOperations.super.forceDirectory(directory);
    }

    @Override
    public boolean delete(Path path) throws IOException {
        step("delete", path);
        return FileOperations.super.delete(path);
    }

    private void step(String name, Path path) throws IOException {
        int number = steps.size();
        steps.add(name);
        if (number == failAt || (crash && number > failAt)) {
            throw new IOException(path.getFileName() + ": " + text);
        }
    }
}
