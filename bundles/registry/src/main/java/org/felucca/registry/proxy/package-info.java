/**
 * Which proxy a request goes through, by the rules that curl, Go and so containerd and docker follow.
 */
@NullMarked
package org.felucca.registry.proxy;

import org.jspecify.annotations.NullMarked;
