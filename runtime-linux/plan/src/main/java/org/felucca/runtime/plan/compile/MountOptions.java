package org.felucca.runtime.plan.compile;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.felucca.runtime.plan.MountBits;
import org.jspecify.annotations.Nullable;

/**
 * The options of one mount, sorted: attributes of the mount, propagation, kind, and what is the file system's own.
 *
 * @see <a href="https://github.com/opencontainers/runtime-spec/blob/v1.3.0/config.md#linux-mount-options">runtime-spec,
 *     Linux mount options</a>
 */
final class MountOptions {
    /** What one option does. */
    private enum Effect {
        /** Sets attributes of this mount. */
        SET,
        /** Clears attributes of this mount. */
        CLEAR,
        /** Sets attributes of this mount and those below. */
        SET_ALL,
        /** Clears attributes of this mount and those below. */
        CLEAR_ALL,
        PROPAGATION,
        PROPAGATION_ALL,
        BIND,
        BIND_ALL,
        REMOUNT,
        COPY_UP,
        ID_MAP,
        ID_MAP_ALL,
        /** Handed to the file system. */
        DATA,
        /**
         * What every mount does anyway: {@code defaults} and {@code noiversion}, which mount(8) only uses to take
         * {@code iversion} back, and the kernel's verbosity, which fsopen does not have.
         */
        NOTHING
    }

    private record Rule(Effect effect, long bits) {}

    private static final Map<String, Rule> RULES = new HashMap<>();

    static {
        attribute("ro", "rw", MountBits.RDONLY);
        attribute("nosuid", "suid", MountBits.NOSUID);
        attribute("nodev", "dev", MountBits.NODEV);
        attribute("noexec", "exec", MountBits.NOEXEC);
        attribute("nodiratime", "diratime", MountBits.NODIRATIME);
        attribute("nosymfollow", "symfollow", MountBits.NOSYMFOLLOW);
        for (String name : List.of("noatime", "relatime", "strictatime", "atime", "norelatime", "nostrictatime")) {
            long mode = switch (name) {
                case "noatime" -> MountBits.NOATIME;
                case "strictatime" -> MountBits.STRICTATIME;
                default -> 0;
            };
            RULES.put(name, new Rule(Effect.SET, mode | MountBits.ATIME << 32));
            RULES.put("r" + name, new Rule(Effect.SET_ALL, mode | MountBits.ATIME << 32));
        }
        propagation("private", MountBits.PRIVATE);
        propagation("slave", MountBits.SLAVE);
        propagation("shared", MountBits.SHARED);
        propagation("unbindable", MountBits.UNBINDABLE);
        RULES.put("bind", new Rule(Effect.BIND, 0));
        RULES.put("rbind", new Rule(Effect.BIND_ALL, 0));
        RULES.put("remount", new Rule(Effect.REMOUNT, 0));
        RULES.put("tmpcopyup", new Rule(Effect.COPY_UP, 0));
        RULES.put("idmap", new Rule(Effect.ID_MAP, 0));
        RULES.put("ridmap", new Rule(Effect.ID_MAP_ALL, 0));
        for (String name :
                List.of("sync", "async", "dirsync", "lazytime", "nolazytime", "mand", "nomand", "iversion")) {
            RULES.put(name, new Rule(Effect.DATA, 0));
        }
        for (String name : List.of("defaults", "silent", "loud", "noiversion")) {
            RULES.put(name, new Rule(Effect.NOTHING, 0));
        }
    }

    /** Every option that is not the file system's own. */
    static Set<String> names() {
        return Collections.unmodifiableSet(RULES.keySet());
    }

    private static void attribute(String set, String clear, long bit) {
        RULES.put(set, new Rule(Effect.SET, bit));
        RULES.put(clear, new Rule(Effect.CLEAR, bit));
        RULES.put("r" + set, new Rule(Effect.SET_ALL, bit));
        RULES.put("r" + clear, new Rule(Effect.CLEAR_ALL, bit));
    }

    private static void propagation(String name, long bit) {
        RULES.put(name, new Rule(Effect.PROPAGATION, bit));
        RULES.put("r" + name, new Rule(Effect.PROPAGATION_ALL, bit));
    }

    /** Attributes to set and clear on the mount alone. */
    long set;

    long clear;
    /** Attributes to set and clear on it and all mounts below. */
    long setAll;

    long clearAll;
    long propagation;
    boolean propagationAll;
    boolean bind;
    boolean bindAll;
    boolean remount;
    boolean copyUp;
    boolean idMap;
    boolean idMapAll;
    final List<String> data = new ArrayList<>(4);
    /** Index of the first option that is the file system's own; -1 if there is none. */
    int firstData = -1;

    private MountOptions() {}

    /** Sorts options; a later one wins over an earlier one. */
    static MountOptions parse(List<String> options) {
        MountOptions result = new MountOptions();
        for (int i = 0; i < options.size(); i++) {
            String option = options.get(i);
            @Nullable Rule rule = RULES.get(option);
            result.add(option, rule == null ? new Rule(Effect.DATA, 0) : rule, i);
        }
        return result;
    }

    private void add(String option, Rule rule, int index) {
        long bits = rule.bits() & 0xffffffffL;
        long field = rule.bits() >>> 32;
        switch (rule.effect()) {
            case SET -> {
                set = set & ~field | bits;
                clear = clear & ~bits | field;
            }
            case CLEAR -> {
                set &= ~bits;
                clear |= bits;
            }
            case SET_ALL -> {
                setAll = setAll & ~field | bits;
                clearAll = clearAll & ~bits | field;
            }
            case CLEAR_ALL -> {
                setAll &= ~bits;
                clearAll |= bits;
            }
            case PROPAGATION, PROPAGATION_ALL -> {
                propagation = bits;
                propagationAll = rule.effect() == Effect.PROPAGATION_ALL;
            }
            case BIND -> bind = true;
            case BIND_ALL -> {
                bind = true;
                bindAll = true;
            }
            case REMOUNT -> remount = true;
            case COPY_UP -> copyUp = true;
            case ID_MAP, ID_MAP_ALL -> {
                idMap = true;
                idMapAll = rule.effect() == Effect.ID_MAP_ALL;
            }
            case DATA -> {
                if (!option.isEmpty()) {
                    data.add(option);
                    firstData = firstData < 0 ? index : firstData;
                }
            }
            case NOTHING -> {}
        }
    }

    /** Returns the attributes of a mount that is new, so that there is nothing to clear. */
    long attributes() {
        return set | setAll;
    }
}
