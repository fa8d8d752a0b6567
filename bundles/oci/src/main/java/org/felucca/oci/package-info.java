/**
 * The room of OCI documents. Its sub-packages hold one concept each: {@code json} (the value tree), {@code digest},
 * {@code reference}, {@code platform}, {@code image} (image-spec) and {@code runtimespec} (runtime-spec). Here lives
 * only what all of them share: the exception that says what is wrong with a text and what would be right.
 *
 * <p>Everything in this bundle is immutable and side-effect free: no file, no socket, no clock.
 */
@Export
@Version("1.0.0")
@NullMarked
package org.felucca.oci;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
