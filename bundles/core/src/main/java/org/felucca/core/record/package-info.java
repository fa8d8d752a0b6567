/**
 * What is remembered of a container: {@link org.felucca.core.record.ContainerRecord}, its JSON form, and the table that
 * keeps all of them in memory in front of the metadata store.
 */
@NullMarked
package org.felucca.core.record;

import org.jspecify.annotations.NullMarked;
