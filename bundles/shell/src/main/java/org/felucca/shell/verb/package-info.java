/**
 * From words to a status: finds the verb, parses its arguments, runs it behind its provider's guard, shows the result.
 * A {@link org.felucca.shell.verb.Caller} is whoever typed the words: a client, or a Gogo session.
 */
@NullMarked
package org.felucca.shell.verb;

import org.jspecify.annotations.NullMarked;
