/**
 * The end of containers: {@link org.felucca.core.supervise.Supervisor} hears of the end of a process and records it;
 * {@link org.felucca.core.supervise.Removal} takes a container away with everything that belongs to it.
 */
@NullMarked
package org.felucca.core.supervise;

import org.jspecify.annotations.NullMarked;
