/** One operation on many operands, of which some may fail; and futures that a command waits for. */
@NullMarked
package org.felucca.verbs.batch;

import org.jspecify.annotations.NullMarked;
