/**
 * Runtime backends that drive the program of another OCI runtime.
 *
 * <p>A {@link org.felucca.runtime.ocicli.RuntimeConfiguration} for each configured program makes one
 * {@link org.felucca.runtime.ocicli.OciCliComponent}, if the program is there. Its containers live under the same monitor
 * as those of the backend {@code linux}: the program makes the process, the monitor adopts it, and owns streams, log and
 * exit status. The bundle of a task is its directory under the state directory; its root is mounted where nobody but the
 * program sees it.
 *
 * <pre>
 *   OciCliRuntime ── RuntimePlans ──&gt; monitor ──&gt; program create, start, exec
 *        │  └── OciCliTask                            ▲
 *        └───── RuntimeProgram ── HostExec ──&gt; program kill, pause, resume, update, delete, features
 * </pre>
 */
@NullMarked
package org.felucca.runtime.ocicli;

import org.jspecify.annotations.NullMarked;
