package org.felucca.runtime.ocicli;

/** Debian's crun. */
class CrunTest extends RuntimeContract {
    @Override
    RuntimeSettings settings() {
        return OciCliFixture.crun();
    }
}
