/**
 * Decompression of streams, by the host's fast libraries where it has them: gzip by ISA-L, else by the JDK; zstd by
 * libzstd, where there is one. A decoder is a {@link org.felucca.posix.inflate.ByteSource} over another. Internal to
 * the platform.
 */
@NullMarked
package org.felucca.posix.inflate;

import org.jspecify.annotations.NullMarked;
