/**
 * Documents of the Windows host compute service (HCS), schema 2: what is sent to it about compute systems.
 *
 * <p>Values with nothing but their JSON form; names and case are the schema's. What a container's configuration means
 * as such a document is the work of {@code org.felucca.hcs.compile}; what the service answers is in
 * {@code org.felucca.hcs.document.notice}, processes are in {@code org.felucca.hcs.document.process}, extensions of
 * devices in {@code org.felucca.hcs.document.device}.
 *
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcs/schemareference">HCS schema reference</a>
 */
@NullMarked
package org.felucca.hcs.document;

import org.jspecify.annotations.NullMarked;
