/** Docker's notations on a command line, read into what the API calls a request. */
@NullMarked
package org.felucca.verbs.request;

import org.jspecify.annotations.NullMarked;
