/**
 * What happened, told to whoever listens.
 */
@NullMarked
@Version("1.0.0")
package org.felucca.api.event;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
