package org.felucca.snapshotter.overlay;

import java.lang.reflect.Proxy;
import java.nio.file.Path;
import org.felucca.api.metadata.MetadataStore;
import org.felucca.metadata.MetadataComponent;
import org.felucca.tck.snapshot.CapabilityContract;
import org.felucca.tck.snapshot.CommitContract;
import org.felucca.tck.snapshot.ConcurrencyContract;
import org.felucca.tck.snapshot.MendContract;
import org.felucca.tck.snapshot.PrepareContract;
import org.felucca.tck.snapshot.QueryContract;
import org.felucca.tck.snapshot.RemoveContract;
import org.felucca.tck.snapshot.RestartContract;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.BundleContext;

/** The same contract over the platform's own database. */
class PlatformRecordsTest {

    abstract static class Fixture extends OverlayFixture {

        @TempDir
        Path database;

        private MetadataComponent store;

        @BeforeEach
        @Override
        public void openSnapshotter() {
            if (store == null) {
                store = new MetadataComponent(context(database));
            }
            super.openSnapshotter();
        }

        @AfterEach
        void closeStore() {
            store.deactivate();
        }

        @Override
        protected MetadataStore records() {
            return store;
        }

        /** A framework that knows one property: where the platform keeps its files. */
        private static BundleContext context(Path root) {
            return (BundleContext) Proxy.newProxyInstance(
                    Fixture.class.getClassLoader(),
                    new Class<?>[] {BundleContext.class},
                    (proxy, method, arguments) -> {
                        if (method.getName().equals("getProperty") && arguments[0].equals("felucca.root")) {
                            return root.toString();
                        }
                        throw new UnsupportedOperationException(method.toString());
                    });
        }
    }

    @Nested
    class Prepare extends Fixture implements PrepareContract {}

    @Nested
    class Commit extends Fixture implements CommitContract {}

    @Nested
    class Mend extends Fixture implements MendContract {}

    @Nested
    class Remove extends Fixture implements RemoveContract {}

    @Nested
    class Query extends Fixture implements QueryContract {}

    @Nested
    class Capability extends Fixture implements CapabilityContract {}

    @Nested
    class Concurrency extends Fixture implements ConcurrencyContract {}

    @Nested
    class Restart extends Fixture implements RestartContract {}
}
