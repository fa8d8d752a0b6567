/**
 * Policy: what a {@code config.json} means on Windows, as documents of the host compute service.
 *
 * <p>{@link org.felucca.hcs.compile.Preparation} says what has to be made before a container can be created, {@link
 * org.felucca.hcs.compile.SystemCompiler} makes the document of the container from the configuration and what was made,
 * {@link org.felucca.hcs.compile.ProcessCompiler} that of a process, {@link org.felucca.hcs.compile.UpdateCompiler}
 * changes of limits. Nothing here touches the host, so the same input gives the same documents, on any system. A
 * property that cannot be honoured is refused by its JSON pointer; one that is bent is reported as a {@link
 * org.felucca.hcs.compile.Warning}. Nothing is ignored silently: {@code docs/spec/windows-coverage.md} has a row for
 * each property.
 */
@NullMarked
package org.felucca.hcs.compile;

import org.jspecify.annotations.NullMarked;
