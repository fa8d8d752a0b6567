/**
 * The components: thin adapters between Declarative Services and the plain classes of the other packages.
 */
@NullMarked
package org.felucca.core.osgi;

import org.jspecify.annotations.NullMarked;
