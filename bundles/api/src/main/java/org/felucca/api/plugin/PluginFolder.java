package org.felucca.api.plugin;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The folder into which an operator drops plugins while the daemon runs. Its owner verifies, tries, starts and watches
 * what is put there, and takes out what is removed. Thread-safe.
 */
@ProviderType
public interface PluginFolder {
    /** Returns what was found in the folder, sorted by file name; it lags behind the folder by well under a second. */
    List<PluginFile> files();
}
