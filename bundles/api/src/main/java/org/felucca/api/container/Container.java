package org.felucca.api.container;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.felucca.api.runtime.TaskExit;
import org.felucca.oci.digest.Digest;

/**
 * A container as of the call that returned it.
 *
 * @param id 64 lower-case hex digits
 * @param name the name people call it by
 * @param request what was asked for
 * @param imageName the normalised name of its image
 * @param imageId the digest of the image's configuration
 * @param arguments program and arguments its process starts with, of request and image together
 * @param composition who serves it
 * @param state where it is in its life
 * @param pid host pid of its init, while it runs
 * @param created when it was made
 * @param started when its process was last started
 * @param exit how its process last ended
 * @param note why, where the state needs a reason ({@code runtime=linux unavailable}); else empty
 */
public record Container(
        String id,
        String name,
        ContainerRequest request,
        String imageName,
        Digest imageId,
        List<String> arguments,
        Composition composition,
        ContainerState state,
        OptionalLong pid,
        Instant created,
        Optional<Instant> started,
        Optional<TaskExit> exit,
        String note) {
    /** Copies. */
    public Container {
        arguments = List.copyOf(arguments);
    }

    /** Returns the 12 digits people see. */
    public String shortId() {
        return id.substring(0, 12);
    }
}
