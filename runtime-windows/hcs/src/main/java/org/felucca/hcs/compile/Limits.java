package org.felucca.hcs.compile;

import java.util.List;
import org.felucca.hcs.document.ContainerProcessor;
import org.felucca.hcs.document.StorageQos;
import org.felucca.oci.runtimespec.windows.CpuLimit;
import org.felucca.oci.runtimespec.windows.MemoryLimit;
import org.felucca.oci.runtimespec.windows.StorageLimit;
import org.felucca.oci.runtimespec.windows.WindowsResources;
import org.jspecify.annotations.Nullable;

/** Limits, of a container that is made and of one that runs. */
final class Limits {
    private static final String AT = "/windows/resources";
    private static final int MEGABYTE = 20;

    private Limits() {}

    /** Rounded down: a limit is never exceeded. */
    static @Nullable Long memoryInMb(@Nullable WindowsResources resources) {
        MemoryLimit memory = resources == null ? null : resources.memory();
        Long limit = memory == null ? null : memory.limit();
        if (limit == null) {
            return null;
        }
        if (limit >>> MEGABYTE == 0) {
            throw SpecProblem.invalid(
                    AT + "/memory/limit",
                    Long.toUnsignedString(limit) + " bytes are no limit of memory",
                    "give at least 1048576, or remove it for no limit");
        }
        return limit >>> MEGABYTE;
    }

    static @Nullable ContainerProcessor processor(
            @Nullable WindowsResources resources, HostFacts host, List<Warning> warnings) {
        CpuLimit cpu = resources == null ? null : resources.cpu();
        if (cpu == null) {
            return null;
        }
        if (!cpu.affinity().isEmpty()) {
            throw SpecProblem.unsupported(
                    AT + "/cpu/affinity", "schema 2 does not bind a container to processors", "remove it");
        }
        if (cpu.count() != null) {
            return new ContainerProcessor(count(cpu.count(), host, warnings), null, null);
        }
        if (cpu.maximum() != null) {
            return new ContainerProcessor(null, parts(AT + "/cpu/maximum", cpu.maximum()), null);
        }
        if (cpu.shares() != null) {
            return new ContainerProcessor(null, null, parts(AT + "/cpu/shares", cpu.shares()));
        }
        return null;
    }

    private static long count(long count, HostFacts host, List<Warning> warnings) {
        if (count == 0) {
            throw SpecProblem.invalid(
                    AT + "/cpu/count", "0 is no number of processors", "give at least 1, or remove it for no limit");
        }
        if (Long.compareUnsigned(count, host.processors()) > 0) {
            warnings.add(new Warning(
                    AT + "/cpu/count",
                    "the host has " + host.processors() + " processors, not " + Long.toUnsignedString(count)));
            return host.processors();
        }
        return count;
    }

    private static long parts(String pointer, int value) {
        if (value == 0) {
            throw SpecProblem.invalid(pointer, "0 leaves no processor time", "use 1 to 10000, or remove it");
        }
        return value;
    }

    static @Nullable StorageQos storage(@Nullable WindowsResources resources) {
        StorageLimit storage = resources == null ? null : resources.storage();
        if (storage == null || (storage.iops() == null && storage.bps() == null)) {
            return null;
        }
        return new StorageQos(
                transfers(AT + "/storage/iops", storage.iops()), transfers(AT + "/storage/bps", storage.bps()));
    }

    private static @Nullable Long transfers(String pointer, @Nullable Long value) {
        if (value != null && value == 0) {
            throw SpecProblem.invalid(pointer, "0 leaves no transfers", "give at least 1, or remove it for no limit");
        }
        return value;
    }
}
