package org.felucca.runtime.plan.compile;

import java.util.List;
import java.util.OptionalInt;
import org.felucca.oci.runtimespec.linux.Capabilities;
import org.felucca.runtime.plan.CapabilityNames;
import org.jspecify.annotations.Nullable;

/** The five capability sets as bits. What the kernel would refuse is left out with a warning. */
final class CapabilityCompiler {
    final long bounding;
    final long permitted;
    final long effective;
    final long inheritable;
    final long ambient;

    CapabilityCompiler(@Nullable Capabilities sets, int last, List<Warning> warnings) {
        if (sets == null) {
            bounding = 0;
            permitted = 0;
            effective = 0;
            inheritable = 0;
            ambient = 0;
            return;
        }
        bounding = bits("bounding", sets.bounding(), last, warnings);
        permitted = bits("permitted", sets.permitted(), last, warnings);
        inheritable = bits("inheritable", sets.inheritable(), last, warnings);
        effective = within(
                "effective", bits("effective", sets.effective(), last, warnings), permitted, "permitted", warnings);
        ambient = within(
                "ambient",
                bits("ambient", sets.ambient(), last, warnings),
                permitted & inheritable,
                "permitted and inheritable",
                warnings);
    }

    private static long bits(String set, List<String> names, int last, List<Warning> warnings) {
        long bits = 0;
        for (int i = 0; i < names.size(); i++) {
            String name = names.get(i);
            OptionalInt number = CapabilityNames.number(name);
            if (number.isEmpty()) {
                throw SpecProblem.invalid(
                        "/process/capabilities/" + set + "/" + i,
                        "there is no capability '" + name + "'",
                        "write it as CAP_CHOWN");
            }
            if (number.getAsInt() > last) {
                warnings.add(new Warning(
                        "/process/capabilities/" + set + "/" + i, name + " is unknown to this kernel and left out"));
            } else {
                bits |= 1L << number.getAsInt();
            }
        }
        return bits;
    }

    private static long within(String set, long bits, long allowed, String allowedName, List<Warning> warnings) {
        long beyond = bits & ~allowed;
        for (int i = 0; beyond >>> i != 0; i++) {
            if ((beyond >> i & 1) != 0) {
                warnings.add(new Warning(
                        "/process/capabilities/" + set,
                        CapabilityNames.name(i) + " is not " + allowedName + " and left out"));
            }
        }
        return bits & allowed;
    }
}
