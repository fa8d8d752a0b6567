/**
 * Who serves a container: {@link org.felucca.core.compose.Composer} resolves the selectors of a request against the
 * live providers and says why.
 */
@NullMarked
package org.felucca.core.compose;

import org.jspecify.annotations.NullMarked;
