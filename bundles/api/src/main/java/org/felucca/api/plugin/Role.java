package org.felucca.api.plugin;

import java.util.List;
import org.felucca.api.command.Verb;
import org.felucca.api.content.ContentStore;
import org.felucca.api.diff.DiffApplier;
import org.felucca.api.image.CredentialProvider;
import org.felucca.api.image.ImageSource;
import org.felucca.api.runtime.RuntimeBackend;
import org.felucca.api.snapshot.Snapshotter;

/**
 * A part that a plugin can fill, with the contract it implements.
 *
 * @param <T> the contract
 * @param name the name in configuration, records and on the command line
 * @param contract the interface under which providers are registered
 */
public record Role<T>(String name, Class<T> contract) {
    /** Blobs by digest. */
    public static final Role<ContentStore> CONTENT = new Role<>("content", ContentStore.class);

    /** File system snapshots. */
    public static final Role<Snapshotter> SNAPSHOTTER = new Role<>("snapshotter", Snapshotter.class);

    /** Layer archives into file systems. */
    public static final Role<DiffApplier> DIFF = new Role<>("diff", DiffApplier.class);

    /** What runs containers. */
    public static final Role<RuntimeBackend> RUNTIME = new Role<>("runtime", RuntimeBackend.class);

    /** Where images come from. */
    public static final Role<ImageSource> IMAGE_SOURCE = new Role<>("image-source", ImageSource.class);

    /** Who knows passwords of registries. */
    public static final Role<CredentialProvider> CREDENTIALS = new Role<>("credentials", CredentialProvider.class);

    /** Commands. */
    public static final Role<Verb> VERB = new Role<>("verb", Verb.class);

    /** Returns every role, in the order in which people expect them. */
    public static List<Role<?>> all() {
        return List.of(CONTENT, SNAPSHOTTER, DIFF, RUNTIME, IMAGE_SOURCE, CREDENTIALS, VERB);
    }
}
