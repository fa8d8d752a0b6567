/** Verbs about what lies on the disk: {@code fsck}, {@code system df}, {@code system prune}. */
@NullMarked
package org.felucca.verbs.storage;

import org.jspecify.annotations.NullMarked;
