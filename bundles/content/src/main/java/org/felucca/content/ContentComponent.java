package org.felucca.content;

import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.function.Consumer;
import org.felucca.api.content.ContentInfo;
import org.felucca.api.content.ContentReader;
import org.felucca.api.content.ContentStore;
import org.felucca.api.content.ContentWriter;
import org.felucca.api.content.IngestInfo;
import org.felucca.api.content.IngestRef;
import org.felucca.api.plugin.PluginId;
import org.felucca.oci.digest.Digest;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.metatype.annotations.AttributeDefinition;
import org.osgi.service.metatype.annotations.Designate;
import org.osgi.service.metatype.annotations.ObjectClassDefinition;

/** The content store {@code file}. */
@Component(configurationPid = ContentComponent.PID, configurationPolicy = ConfigurationPolicy.REQUIRE)
@PluginId("file")
@Designate(ocd = ContentComponent.Settings.class)
public final class ContentComponent implements ContentStore {
    /** Name of the configuration. */
    public static final String PID = "org.felucca.content";

    private final FileContentStore store;

    /** What the configuration holds. */
    @ObjectClassDefinition(name = "Felucca content store", description = "Blobs and ingests in a directory.")
    public @interface Settings {
        /** Absolute path of the store's directory. */
        @AttributeDefinition(description = "Absolute path of the store's directory.")
        String root();
    }

    /** Opens the store. */
    @Activate
    public ContentComponent(Settings settings) {
        this.store = new FileContentStore(Path.of(settings.root()), FileOperations.REAL, Clock.systemUTC());
    }

    @Override
    public ContentWriter writer(IngestRef ref) {
        return store.writer(ref);
    }

    @Override
    public ContentReader reader(Digest digest) {
        return store.reader(digest);
    }

    @Override
    public Optional<ContentInfo> stat(Digest digest) {
        return store.stat(digest);
    }

    @Override
    public void walk(Consumer<? super ContentInfo> visitor) {
        store.walk(visitor);
    }

    @Override
    public void walkIngests(Consumer<? super IngestInfo> visitor) {
        store.walkIngests(visitor);
    }

    @Override
    public void remove(Digest digest) {
        store.remove(digest);
    }

    @Override
    public void abort(IngestRef ref) {
        store.abort(ref);
    }
}
