/**
 * What runs containers.
 *
 * <p>A {@link org.felucca.api.runtime.RuntimeBackend} makes {@link org.felucca.api.runtime.Task}s: the running side of a
 * container. Tasks outlive the daemon; a restarted one asks the backend to {@code recover} them.
 *
 * <pre>
 *            create            start              exit
 *   (none) ─────────&gt; CREATED ───────&gt; RUNNING ────────&gt; STOPPED ── delete ──&gt; (gone)
 *                        │ kill          │  ▲               ▲
 *                        │         pause ▼  │ resume        │
 *                        │             PAUSED ── kill ──────┤
 *                        └──────────────────────────────────┘
 * </pre>
 */
@NullMarked
@Version("1.1.0")
package org.felucca.api.runtime;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
