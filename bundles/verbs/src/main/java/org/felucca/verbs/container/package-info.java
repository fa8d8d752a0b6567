/** Commands about containers. Each reads its options, calls the container service and says what to show. */
@NullMarked
package org.felucca.verbs.container;

import org.jspecify.annotations.NullMarked;
