/**
 * What the host compute service says: properties, statistics, events and errors.
 *
 * <p>The service leaves out what is zero, false or empty; such a member is null here, or false, or empty.
 */
@NullMarked
package org.felucca.hcs.document.notice;

import org.jspecify.annotations.NullMarked;
