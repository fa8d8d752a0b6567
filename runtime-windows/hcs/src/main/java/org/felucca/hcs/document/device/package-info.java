/**
 * Extensions of assigned devices: what else a container needs for them, as the maker of the device describes it in a
 * file. They are read, checked against the schema, and passed on.
 */
@NullMarked
package org.felucca.hcs.document.device;

import org.jspecify.annotations.NullMarked;
