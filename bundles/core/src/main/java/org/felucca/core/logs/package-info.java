/**
 * Reading what containers printed: log files in the format of CRI, rotated by the monitor while they are read.
 *
 * <p>A line of the file is {@code <RFC 3339 time> stdout|stderr F|P <bytes>}; {@code P} is a part of a line that goes
 * on in the next record of the same stream. {@code NAME} becomes {@code NAME.1}, that {@code NAME.2}, and so on.
 */
@NullMarked
package org.felucca.core.logs;

import org.jspecify.annotations.NullMarked;
