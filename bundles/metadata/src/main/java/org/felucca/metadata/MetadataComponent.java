package org.felucca.metadata;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.metadata.Durability;
import org.felucca.api.metadata.MetadataRecord;
import org.felucca.api.metadata.MetadataStore;
import org.felucca.api.metadata.RecordId;
import org.felucca.api.metadata.RecordKind;
import org.felucca.api.storage.Finding;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * The store as a service. It lives under the framework property {@value #ROOT}; it is registered at once and the
 * database opens beside, because loading the native library would otherwise stand between start and ready.
 */
@Component(service = MetadataStore.class, immediate = true)
public final class MetadataComponent implements MetadataStore {
    static final String ROOT = "felucca.root";

    private final SqliteMetadataStore store;

    /** Starts opening the database. */
    @Activate
    public MetadataComponent(BundleContext context) {
        this(rootOf(context.getProperty(ROOT)));
    }

    private MetadataComponent(Path root) {
        store = new SqliteMetadataStore(root.resolve("metadata").resolve("felucca.db"));
    }

    private static Path rootOf(@Nullable String value) {
        if (value == null || value.isBlank()) {
            throw new FeluccaException(
                    ErrorCode.FAILED_PRECONDITION,
                    "cannot open the metadata database",
                    "the framework property " + ROOT + " is not set",
                    "start the platform through felucca-daemon");
        }
        return Path.of(value);
    }

    /** Refuses new calls, waits for those under way, and closes the database. */
    @Deactivate
    public void deactivate() {
        store.close();
    }

    @Override
    public Optional<MetadataRecord> get(RecordId id) {
        return store.get(id);
    }

    @Override
    public List<MetadataRecord> list(RecordKind kind, String scope) {
        return store.list(kind, scope);
    }

    @Override
    public List<MetadataRecord> list(RecordKind kind) {
        return store.list(kind);
    }

    @Override
    public <R> R update(Durability durability, Function<? super Transaction, ? extends R> work) {
        return store.update(durability, work);
    }

    @Override
    public int check(boolean repair, Consumer<? super Finding> found) {
        return store.check(repair, found);
    }
}
