/**
 * Policy: what a network or an attachment of {@code org.felucca.api.network} means as a document of the host compute
 * network service, and back. Nothing here touches the host.
 */
@NullMarked
package org.felucca.hcn.compile;

import org.jspecify.annotations.NullMarked;
