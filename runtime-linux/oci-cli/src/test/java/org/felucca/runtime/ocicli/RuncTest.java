package org.felucca.runtime.ocicli;

/** Debian's runc. */
class RuncTest extends RuntimeContract {
    @Override
    RuntimeSettings settings() {
        return OciCliFixture.runc();
    }
}
