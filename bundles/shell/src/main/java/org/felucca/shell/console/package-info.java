/** The admin console: raw Gogo for operators, over the client's terminal or a pipe. Loaded when it is first used. */
@NullMarked
package org.felucca.shell.console;

import org.jspecify.annotations.NullMarked;
