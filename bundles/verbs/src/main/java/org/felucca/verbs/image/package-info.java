/** Commands about images. Each reads its options, calls the image service and says what to show. */
@NullMarked
package org.felucca.verbs.image;

import org.jspecify.annotations.NullMarked;
