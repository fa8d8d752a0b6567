/** Certificates and keys from PEM files, made into what a TLS connection needs. */
@NullMarked
package org.felucca.registry.tls;

import org.jspecify.annotations.NullMarked;
