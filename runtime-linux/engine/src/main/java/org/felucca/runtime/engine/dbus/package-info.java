/**
 * A client of the D-Bus system bus, as small as asking systemd for a cgroup needs it: methods are called and their answers
 * awaited on a connection that lives for one piece of work. There is no object to export, no thread, and nothing to
 * watch while nobody asks. Why not a library: {@code docs/decisions/0303-own-dbus-client.md}.
 *
 * <p>{@link org.felucca.runtime.engine.dbus.Marshal} and {@link org.felucca.runtime.engine.dbus.Unmarshal} are the wire
 * format of values, {@link org.felucca.runtime.engine.dbus.BusMessage} that of messages, and
 * {@link org.felucca.runtime.engine.dbus.Bus} the connection. All follow the D-Bus specification 0.42.
 */
@NullMarked
package org.felucca.runtime.engine.dbus;

import org.jspecify.annotations.NullMarked;
