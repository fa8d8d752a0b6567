package org.example.felucca;

import org.felucca.tck.snapshot.CapabilityContract;
import org.felucca.tck.snapshot.CommitContract;
import org.felucca.tck.snapshot.ConcurrencyContract;
import org.felucca.tck.snapshot.LayeringContract;
import org.felucca.tck.snapshot.PrepareContract;
import org.felucca.tck.snapshot.QueryContract;
import org.felucca.tck.snapshot.RemoveContract;
import org.felucca.tck.snapshot.RestartContract;
import org.junit.jupiter.api.Nested;

/** The published contract suite, run against this plugin. */
class PlainSnapshotterTest {
    @Nested
    class Prepare extends PlainFixture implements PrepareContract {}

    @Nested
    class Commit extends PlainFixture implements CommitContract {}

    @Nested
    class Remove extends PlainFixture implements RemoveContract {}

    @Nested
    class Query extends PlainFixture implements QueryContract {}

    @Nested
    class Layering extends PlainFixture implements LayeringContract {}

    @Nested
    class Capability extends PlainFixture implements CapabilityContract {}

    @Nested
    class Concurrency extends PlainFixture implements ConcurrencyContract {}

    @Nested
    class Restart extends PlainFixture implements RestartContract {}
}
