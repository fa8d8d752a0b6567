package org.felucca.api.container;

import java.nio.file.Path;
import java.util.List;
import org.felucca.api.snapshot.SnapshotKey;

/**
 * What is only asked for one container at a time.
 *
 * @param container what every list says of it
 * @param environment {@code KEY=VALUE} of image and request together, as its process gets it
 * @param workingDirectory absolute container path its process starts in
 * @param user {@code user[:group]} its process runs as; empty for root
 * @param stopSignal name of the signal of a polite stop
 * @param log where its output is kept; there is no file before it has written something
 * @param snapshot the key of its writable snapshot, with its snapshotter
 */
public record ContainerDetails(
        Container container,
        List<String> environment,
        String workingDirectory,
        String user,
        String stopSignal,
        Path log,
        SnapshotKey snapshot) {
    /** Copies. */
    public ContainerDetails {
        environment = List.copyOf(environment);
    }
}
