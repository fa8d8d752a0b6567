/**
 * The host compute service, {@code computecore.dll}: containers, called compute systems, and the processes in them.
 *
 * <p>{@link org.felucca.winapi.compute.ComputeCore} creates, opens and enumerates them; {@link
 * org.felucca.winapi.compute.ComputeSystem} and {@link org.felucca.winapi.compute.ComputeProcess} are handles to them.
 * Closing a handle ends neither a system nor a process, unless the system's document says {@code
 * ShouldTerminateOnLastHandleClosed}: a restarted daemon opens them again. Documents go in and out as text; their
 * content is the business of who writes them.
 *
 * <p>Windows does all of this asynchronously. A method here starts the operation, waits for it no longer than the
 * given time, and throws {@link org.felucca.winapi.result.WinapiException} with the result's document when it fails.
 * After {@link org.felucca.winapi.result.ComputeResult#HCS_E_OPERATION_TIMEOUT} the operation may still take effect.
 *
 * @see <a href="https://learn.microsoft.com/virtualization/api/hcs/overview">Host Compute System</a>
 */
@NullMarked
package org.felucca.winapi.compute;

import org.jspecify.annotations.NullMarked;
