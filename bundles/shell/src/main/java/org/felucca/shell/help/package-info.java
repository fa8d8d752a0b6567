/** Help: texts made from the specs of verbs. */
@NullMarked
package org.felucca.shell.help;

import org.jspecify.annotations.NullMarked;
