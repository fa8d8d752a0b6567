/** File trees written down so that two can be compared: {@link org.felucca.tck.tree.TreeListing}. Linux only. */
@Version("1.0.0")
@NullMarked
package org.felucca.tck.tree;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
