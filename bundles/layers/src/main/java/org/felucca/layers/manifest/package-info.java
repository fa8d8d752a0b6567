/**
 * Manifests of layers: what the tree of an applied layer holds, so that damage is found later. A text file, in the order
 * of a walk; a directory's entries follow it and end with {@code ..}:
 *
 * <pre>
 *   #felucca-layer-manifest 1
 *   d 0755 0 0 etc
 *   f 0644 0 0 1024 crc32c:1c291ca3 passwd
 *   s 0644 0 0 8589934592 - core            a file with holes: its size is compared
 *   l 0777 0 0 passwd- passwd               a symbolic link, then its target
 *   c 0 0 0 0:0 gone                        a device (b, c), FIFO (p) or socket (o)
 *   ..
 *   #end 5 crc32c:…                         number of entries, checksum of all before
 * </pre>
 *
 * <p>Bytes of names other than printable ASCII are written as {@code %XX}. The checksum tells damage, not malice: who
 * can change a layer's files can change its manifest. CRC-32C costs a twentieth of SHA-256.
 */
@NullMarked
package org.felucca.layers.manifest;

import org.jspecify.annotations.NullMarked;
