package org.felucca.snapshotter.nativecopy;

import org.felucca.tck.snapshot.CapabilityContract;
import org.felucca.tck.snapshot.CommitContract;
import org.felucca.tck.snapshot.ConcurrencyContract;
import org.felucca.tck.snapshot.LayeringContract;
import org.felucca.tck.snapshot.MendContract;
import org.felucca.tck.snapshot.PrepareContract;
import org.felucca.tck.snapshot.QueryContract;
import org.felucca.tck.snapshot.RemoveContract;
import org.felucca.tck.snapshot.RestartContract;
import org.junit.jupiter.api.Nested;

class NativeSnapshotterTest {

    @Nested
    class Prepare extends NativeFixture implements PrepareContract {}

    @Nested
    class Commit extends NativeFixture implements CommitContract {}

    @Nested
    class Mend extends NativeFixture implements MendContract {}

    @Nested
    class Remove extends NativeFixture implements RemoveContract {}

    @Nested
    class Query extends NativeFixture implements QueryContract {}

    @Nested
    class Layering extends NativeFixture implements LayeringContract {}

    @Nested
    class Capability extends NativeFixture implements CapabilityContract {}

    @Nested
    class Concurrency extends NativeFixture implements ConcurrencyContract {}

    @Nested
    class Restart extends NativeFixture implements RestartContract {}
}
