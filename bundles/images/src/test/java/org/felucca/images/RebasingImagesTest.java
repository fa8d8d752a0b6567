package org.felucca.images;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** All of it again, with a snapshotter that gets layers at the same time. */
class RebasingImagesTest extends ImagesTest {
    @BeforeEach
    @Override
    void open() {
        super.open();
        fixture.snapshotter.rebases = true;
        fixture.second.rebases = true;
    }

    @Override
    int committedBelow(int layer) {
        return 0;
    }

    /** With others beside it, it is open how much of those has arrived. */
    @Test
    @Override
    void pull_transferThatBreaks_isResumedByTheNextPull() {
        breakAndResume(1);
    }
}
