/**
 * Finding again what earlier daemons, or a backend that was away, left: every record meets its task, and what has no
 * record goes.
 */
@NullMarked
package org.felucca.core.recover;

import org.jspecify.annotations.NullMarked;
