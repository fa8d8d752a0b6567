/** The rules of {@code docs/architecture.md}, checked on the manifests and classes of the assembled distribution. */
@NullMarked
package org.felucca.itests.arch;

import org.jspecify.annotations.NullMarked;
