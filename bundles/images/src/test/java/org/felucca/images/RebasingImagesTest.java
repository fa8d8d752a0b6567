package org.felucca.images;

import org.junit.jupiter.api.BeforeEach;

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
}
