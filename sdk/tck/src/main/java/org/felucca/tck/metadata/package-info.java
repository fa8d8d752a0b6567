/**
 * Records in memory, for the tests of providers that keep records: {@link
 * org.felucca.tck.metadata.MemoryMetadataStore} behaves as the platform's store does, and fails where a test tells it
 * to.
 */
@Version("1.0.0")
@NullMarked
package org.felucca.tck.metadata;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
