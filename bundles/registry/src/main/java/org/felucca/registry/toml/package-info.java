/**
 * TOML 1.0 as a tree whose values know their line, so that whoever reads a file can name the place of what is wrong.
 *
 * @see <a href="https://toml.io/en/v1.0.0">TOML 1.0.0</a>
 */
@NullMarked
package org.felucca.registry.toml;

import org.jspecify.annotations.NullMarked;
