package org.felucca.api.network;

import java.net.InetAddress;
import java.util.Optional;

/**
 * A route in a sandbox.
 *
 * @param destination where it leads
 * @param gateway the next hop; empty where the destination is on the link
 */
public record NetworkRoute(NetworkPrefix destination, Optional<InetAddress> gateway) {}
