/**
 * Images: names, where they come from, and the service that pulls, imports, lists and removes them.
 *
 * <p>An image is a name that points to a manifest or index by digest. {@link org.felucca.api.image.ImageService} brings
 * its content into a content store and its layers into a snapshotter; {@link org.felucca.api.image.ImageSource} is the
 * role of a plugin that can fetch from somewhere.
 */
@NullMarked
@Version("1.0.0")
package org.felucca.api.image;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.versioning.Version;
