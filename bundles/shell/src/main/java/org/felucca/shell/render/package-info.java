/** What verbs answer, made visible: tables for people, JSON for programs, progress for both. */
@NullMarked
package org.felucca.shell.render;

import org.jspecify.annotations.NullMarked;
