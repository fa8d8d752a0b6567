/**
 * Every verb as a Gogo command under scope {@code felucca}: the same parser, help and output as for clients. Stays away
 * where Gogo is not installed.
 */
@NullMarked
package org.felucca.shell.gogo;

import org.jspecify.annotations.NullMarked;
