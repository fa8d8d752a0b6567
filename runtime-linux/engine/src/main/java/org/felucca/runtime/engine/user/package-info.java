/** Users and groups as a container's own {@code /etc/passwd} and {@code /etc/group} know them. */
@NullMarked
package org.felucca.runtime.engine.user;

import org.jspecify.annotations.NullMarked;
