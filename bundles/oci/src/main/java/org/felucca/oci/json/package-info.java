/**
 * A small immutable JSON tree and the two ways through it.
 *
 * <ul>
 *   <li>{@link org.felucca.oci.json.Json} parses bytes into a {@link org.felucca.oci.json.JsonValue} under
 *       {@link org.felucca.oci.json.JsonLimits} and writes it back, compact or pretty.
 *   <li>{@link org.felucca.oci.json.JsonCursor} walks a tree and knows where it stands, so that every complaint names
 *       the RFC 6901 pointer, the value found and what is allowed. {@link org.felucca.oci.json.ObjectReader} also
 *       notes which members nobody asked for.
 * </ul>
 *
 * <p>Objects keep the order of their members, numbers keep their text, duplicate names are refused (RFC 8259 leaves
 * them undefined, and two readers that disagree about a policy document are a security hole).
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8259">RFC 8259</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6901">RFC 6901</a>
 */
@Export
@Version("1.0.0")
@NullMarked
package org.felucca.oci.json;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
