/**
 * Owner of the plugins folder. A jar put there while the daemon runs goes through these steps, and a failure at any of them leaves
 * the platform as it was, with one line in the log:
 *
 * <pre>
 *   folder ──FolderWatch──> PluginFolderOwner   what changed?
 *                             ├─ Trust          owner, mode, pinned digest; on a private copy, so that nothing changes under it
 *                             ├─ Installer      install, resolve, start; update and removal with the closure they touch
 *                             └─ SelfCheck      every component satisfied, every role answers
 * </pre>
 *
 * <p>This bundle works on bundles, so it may use {@link org.osgi.framework.BundleContext}; it knows no role's contract beyond its
 * name. All work is done by one thread.
 */
@NullMarked
package org.felucca.plugins;

import org.jspecify.annotations.NullMarked;
