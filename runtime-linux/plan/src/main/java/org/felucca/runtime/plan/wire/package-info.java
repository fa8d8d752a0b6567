/**
 * The five basic types that launch plans and the messages of spawn and monitor are made of: little-endian integers,
 * strings, bytes and string lists, each padded to four bytes ({@code docs/spec/launch-plan.md}, section 1).
 */
@NullMarked
package org.felucca.runtime.plan.wire;

import org.jspecify.annotations.NullMarked;
