/** What the tests of the Linux runtime backends share. Not a part of the distribution. */
@NullMarked
package org.felucca.runtime.testkit;

import org.jspecify.annotations.NullMarked;
