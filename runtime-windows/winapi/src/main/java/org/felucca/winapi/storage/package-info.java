/**
 * Layers of Windows containers and the virtual disks that hold the writable ones.
 *
 * <ul>
 *   <li>{@link org.felucca.winapi.storage.ComputeStorage}: {@code computestorage.dll}, what is done with a layer.
 *   <li>{@link org.felucca.winapi.storage.VirtualDisks}: {@code virtdisk.dll}, disks in a file.
 * </ul>
 *
 * @see <a href="https://learn.microsoft.com/virtualization/api/hcs/reference/apioverview">Layer functions</a>
 */
@NullMarked
package org.felucca.winapi.storage;

import org.jspecify.annotations.NullMarked;
