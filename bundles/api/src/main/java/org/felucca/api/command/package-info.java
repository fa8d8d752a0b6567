/**
 * Commands of the platform.
 *
 * <p>A {@link org.felucca.api.command.Verb} is at once a command of the client, with help and completion, and a command
 * of the Gogo shell under scope {@code felucca}. It declares its options and operands, calls one service and returns a
 * {@link org.felucca.api.command.Result}; parsing, help, tables and JSON are the shell's business.
 */
@NullMarked
@Version("1.0.0")
package org.felucca.api.command;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
