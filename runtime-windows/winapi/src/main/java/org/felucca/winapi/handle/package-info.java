/**
 * Handles of the kernel: owned, closed once, and read and written where they are pipes.
 *
 * <ul>
 *   <li>{@link org.felucca.winapi.handle.Handle}: an owned handle.
 *   <li>{@link org.felucca.winapi.handle.Pipe}: an end of a pipe, opened for overlapped input and output, as the
 *       compute service hands them out; a blocked transfer ends when the pipe is closed.
 *   <li>{@link org.felucca.winapi.handle.Kernel}: the functions behind them.
 * </ul>
 */
@NullMarked
package org.felucca.winapi.handle;

import org.jspecify.annotations.NullMarked;
