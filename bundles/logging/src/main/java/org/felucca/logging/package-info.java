/**
 * The logging library bundle's own code: it brings what the framework, Declarative Services, Config Admin and other foreign bundles
 * log through {@link org.osgi.service.log.LogService} into slf4j, so that one file, {@code etc/logback.xml}, rules all of it.
 *
 * <p>Everything else in this bundle is slf4j and logback as published; platform code uses {@code org.slf4j} only.
 */
@NullMarked
package org.felucca.logging;

import org.jspecify.annotations.NullMarked;
