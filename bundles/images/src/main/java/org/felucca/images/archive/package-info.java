/** Archives on their way out. Knows tar and the layout of files, neither images nor stores. */
@NullMarked
package org.felucca.images.archive;

import org.jspecify.annotations.NullMarked;
