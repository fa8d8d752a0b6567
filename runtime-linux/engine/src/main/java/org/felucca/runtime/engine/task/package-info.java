/** What every backend keeps of a task and needs to know of the host, whoever makes the task's processes. */
@NullMarked
package org.felucca.runtime.engine.task;

import org.jspecify.annotations.NullMarked;
