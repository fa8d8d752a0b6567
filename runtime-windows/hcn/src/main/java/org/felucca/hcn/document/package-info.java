/**
 * Documents of the Windows host compute network service (HCN), schema 2: networks, endpoints, namespaces and their
 * settings. Values with nothing but their JSON form; names and case are the schema's, protocols and flags are numbers,
 * as the service itself writes them.
 *
 * <p>What a network or an attachment of the platform means as such a document is the work of {@code
 * org.felucca.hcn.compile}.
 *
 * @see <a href="https://learn.microsoft.com/en-us/virtualization/api/hcn/hns_schema">HCN schema</a>
 */
@NullMarked
package org.felucca.hcn.document;

import org.jspecify.annotations.NullMarked;
