/**
 * Order without threads that wait: a queue of tasks run one at a time, and an exclusive turn that can be waited for or
 * asked to call back.
 */
@NullMarked
package org.felucca.core.turn;

import org.jspecify.annotations.NullMarked;
