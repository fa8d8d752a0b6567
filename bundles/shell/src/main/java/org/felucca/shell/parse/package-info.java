/**
 * Command lines: what was typed, checked against a verb's spec. Knows the GNU and docker conventions and nothing about
 * clients or services.
 */
@NullMarked
package org.felucca.shell.parse;

import org.jspecify.annotations.NullMarked;
