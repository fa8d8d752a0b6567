/**
 * What is done with containers: {@link org.felucca.core.lifecycle.Lifecycle} runs the steps of create, start and stop,
 * each with its undo; {@link org.felucca.core.lifecycle.Containers} is the public service in front of it.
 */
@NullMarked
package org.felucca.core.lifecycle;

import org.jspecify.annotations.NullMarked;
