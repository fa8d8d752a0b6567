/**
 * What the libraries of Windows answer, and where they are found.
 *
 * <ul>
 *   <li>{@link org.felucca.winapi.result.HResult}: a code; {@link org.felucca.winapi.result.KnownResult} names those
 *       that are documented and says which {@link org.felucca.api.error.ErrorCode} each is.
 *   <li>{@link org.felucca.winapi.result.ResultDocument}: the text that the compute and the network service add to it.
 *   <li>{@link org.felucca.winapi.result.WinapiException}: both, with the function and what it was applied to.
 *   <li>{@link org.felucca.winapi.result.LibraryLocator}: the only thing that differs in tests.
 * </ul>
 */
@NullMarked
package org.felucca.winapi.result;

import org.jspecify.annotations.NullMarked;
