/**
 * The native boundary itself, private to the bundle: functions by address, UTF-16 strings and structures in native
 * memory, callbacks that native threads call. Everything above it is plain Java; nothing below it differs between
 * Windows and the ABI double of the tests but the file a library is loaded from.
 */
@NullMarked
package org.felucca.winapi.abi;

import org.jspecify.annotations.NullMarked;
