package org.felucca.runtime.plan.compile;

/**
 * What was found out about the host; the same for every container.
 *
 * @param lastCapability number of the kernel's last capability, {@code /proc/sys/kernel/cap_last_cap}
 * @param appArmor whether AppArmor is live
 * @param seLinux whether SELinux is live
 * @param keyrings whether the kernel has keyrings
 */
public record HostFacts(int lastCapability, boolean appArmor, boolean seLinux, boolean keyrings) {}
