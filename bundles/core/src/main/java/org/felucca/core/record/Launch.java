package org.felucca.core.record;

import java.util.List;

/**
 * What a container's process starts with, from request and image together, so that a start needs no image.
 *
 * @param args program and arguments
 * @param environment {@code KEY=VALUE} of image and request; defaults of the platform are not in it
 * @param workingDirectory absolute container path
 * @param user {@code user[:group]}; empty for root
 * @param stopSignal signal of a polite stop
 */
public record Launch(
        List<String> args, List<String> environment, String workingDirectory, String user, String stopSignal) {
    /** Copies. */
    public Launch {
        args = List.copyOf(args);
        environment = List.copyOf(environment);
    }
}
