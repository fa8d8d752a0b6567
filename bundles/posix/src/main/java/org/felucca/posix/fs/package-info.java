/**
 * Files by descriptor: what {@code java.nio.file} cannot say. A directory descriptor comes first and one name
 * relative to it second, so that nothing between the two can be swapped; {@link org.felucca.posix.fs.Dir#openIn}
 * resolves longer paths inside a root.
 *
 * <ul>
 *   <li>{@link org.felucca.posix.fs.Fd}: an owned descriptor, always close-on-exec.
 *   <li>{@link org.felucca.posix.fs.Dir}: operations on a name in a directory ({@code openat}, {@code mkdirat}, ...).
 *   <li>{@link org.felucca.posix.fs.Io}: operations on an open file ({@code read}, {@code fsync}, {@code fchmod}, ...).
 *   <li>{@link org.felucca.posix.fs.Xattr}: extended attributes, never following a link.
 *   <li>{@link org.felucca.posix.fs.Listing}: the entries of a directory.
 *   <li>{@link org.felucca.posix.fs.Tree}: a whole tree removed without leaving its file system.
 * </ul>
 *
 * <p>A call that the kernel refuses throws {@link org.felucca.posix.fs.PosixException}, which names the operation,
 * the error number and the path; interrupted calls are repeated. All classes may be used from any thread; an {@code
 * Fd} is closed by who opened it, once no other thread uses it. Names are strings; bytes that are not UTF-8 travel as
 * lone surrogates U+DC80 to U+DCFF ({@link org.felucca.posix.fs.Names}).
 *
 * @see <a href="https://man7.org/linux/man-pages/dir_section_2.html">Linux manual, section 2</a>
 */
@NullMarked
@Version("1.0.0")
package org.felucca.posix.fs;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
