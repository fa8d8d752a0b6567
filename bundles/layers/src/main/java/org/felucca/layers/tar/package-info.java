/**
 * A streaming reader of tar archives in every dialect that layers come in: V7, ustar (POSIX.1-1988), pax
 * (POSIX.1-2001) with SCHILY attributes, and GNU with long names, base-256 numbers and sparse files (old form, pax
 * 0.0, 0.1 and 1.0). It trusts nothing: sizes are bounded before memory is taken.
 *
 * @see <a href="https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html">POSIX pax</a>
 * @see <a href="https://www.gnu.org/software/tar/manual/html_node/Standard.html">GNU tar, Basic Tar Format</a>
 */
@NullMarked
package org.felucca.layers.tar;

import org.jspecify.annotations.NullMarked;
