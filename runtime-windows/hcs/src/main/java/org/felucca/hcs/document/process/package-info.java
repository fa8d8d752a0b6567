/** Documents of the host compute service about processes in compute systems: create, change, signal, and their end. */
@NullMarked
package org.felucca.hcs.document.process;

import org.jspecify.annotations.NullMarked;
