/**
 * The event bus behind {@link org.felucca.api.event.Events}: a short memory for replays and one bounded queue per
 * subscriber.
 */
@NullMarked
package org.felucca.core.events;

import org.jspecify.annotations.NullMarked;
