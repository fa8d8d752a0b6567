package org.felucca.runtime.plan;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.felucca.runtime.plan.wire.WireFormatException;

/** Shows a plan to people, one operation a line; also the form that golden tests compare. */
public final class PlanPrinter {
    private static final String[] MOUNT_ATTRIBUTES = {
        "RDONLY", "NOSUID", "NODEV", "NOEXEC", "NOATIME", "STRICTATIME", "ATIME_4", "NODIRATIME"
    };
    private static final int S_IFMT = 0170000;
    private static final int LONGEST_BYTES = 32;

    private PlanPrinter() {}

    /** @throws WireFormatException if these bytes are no plan */
    public static String print(byte[] plan) {
        PlanReader.Contents contents = PlanReader.read(plan);
        StringBuilder text = new StringBuilder("plan ")
                .append(kindName(contents.kind()))
                .append(" slots ")
                .append(contents.slotsGiven())
                .append("+")
                .append(contents.slotsTotal() - contents.slotsGiven());
        if ((contents.flags() & PlanWriter.KILL_REST) != 0) {
            text.append(" KILL_REST");
        }
        text.append('\n');
        for (Operation operation : contents.operations()) {
            print(operation, text);
        }
        return text.toString();
    }

    private static void print(Operation operation, StringBuilder text) {
        text.append(operation.opcode());
        List<Field> fields = operation.opcode().fields();
        for (int i = 0; i < fields.size(); i++) {
            Field field = fields.get(i);
            String value = value(field, operation.arguments().get(i));
            if (!value.isEmpty()) {
                text.append(' ').append(field.name()).append('=').append(value);
            }
        }
        if ((operation.flags() & PlanWriter.CLAMP) != 0) {
            text.append(" CLAMP");
        }
        if ((operation.flags() & PlanWriter.OPTIONAL) != 0) {
            text.append(" OPTIONAL");
        }
        text.append('\n');
    }

    private static String value(Field field, Object value) {
        return switch (field.type()) {
            case STRING -> quote((String) value);
            case STRINGS -> strings((List<?>) value);
            case BYTES -> bytes(field, (byte[]) value);
            case U32, U64 -> number(field, ((Number) value).longValue());
        };
    }

    private static String number(Field field, long value) {
        long unsigned = field.type() == Field.Type.U32 ? value & 0xffffffffL : value;
        return switch (field.style()) {
            case PLAIN -> Long.toUnsignedString(unsigned);
            case SIGNED -> Long.toString(value);
            case OCTAL -> "0" + Long.toOctalString(unsigned);
            case SLOT -> value == PlanWriter.NONE ? "" : "#" + unsigned;
            case BITS -> bits(unsigned, field.symbols());
            case ENUM ->
                unsigned >= 1 && unsigned <= field.symbols().size()
                        ? field.symbols().get((int) unsigned - 1)
                        : Long.toString(unsigned);
            case MOUNT_ATTRIBUTES -> mountAttributes(unsigned);
            case PROPAGATION -> propagation(unsigned);
            case NAMESPACES -> namespaces(unsigned);
            case CAPABILITIES -> capabilities(unsigned);
            case LIMIT -> unsigned == -1 ? "infinity" : Long.toUnsignedString(unsigned);
            case FILE_MODE -> fileMode((int) unsigned);
        };
    }

    private static String bits(long value, List<String> names) {
        List<String> set = new ArrayList<>();
        long rest = value;
        for (int i = 0; i < names.size(); i++) {
            if ((value >> i & 1) != 0) {
                set.add(names.get(i));
                rest &= ~(1L << i);
            }
        }
        if (rest != 0) {
            set.add("0x" + Long.toHexString(rest));
        }
        return String.join("|", set);
    }

    private static String mountAttributes(long value) {
        List<String> set = new ArrayList<>();
        long rest = value;
        if ((rest & MountBits.ATIME) == MountBits.ATIME) {
            set.add("ATIME");
            rest &= ~MountBits.ATIME;
        }
        for (int i = 0; i < MOUNT_ATTRIBUTES.length; i++) {
            if ((rest >> i & 1) != 0) {
                set.add(MOUNT_ATTRIBUTES[i]);
                rest &= ~(1L << i);
            }
        }
        if ((rest & MountBits.IDMAP) != 0) {
            set.add("IDMAP");
            rest &= ~MountBits.IDMAP;
        }
        if ((rest & MountBits.NOSYMFOLLOW) != 0) {
            set.add("NOSYMFOLLOW");
            rest &= ~MountBits.NOSYMFOLLOW;
        }
        if (rest != 0) {
            set.add("0x" + Long.toHexString(rest));
        }
        return String.join("|", set);
    }

    private static String propagation(long value) {
        if (value == 0) {
            return "";
        }
        if (value == MountBits.PRIVATE) {
            return "PRIVATE";
        }
        if (value == MountBits.SLAVE) {
            return "SLAVE";
        }
        if (value == MountBits.SHARED) {
            return "SHARED";
        }
        return value == MountBits.UNBINDABLE ? "UNBINDABLE" : "0x" + Long.toHexString(value);
    }

    private static String namespaces(long value) {
        List<String> set = new ArrayList<>();
        long rest = value;
        for (NamespaceBits bit : NamespaceBits.values()) {
            if ((value & bit.flag()) != 0) {
                set.add(bit.type().id());
                rest &= ~bit.flag();
            }
        }
        if (rest != 0) {
            set.add("0x" + Long.toHexString(rest));
        }
        return String.join("|", set);
    }

    private static String capabilities(long value) {
        if (value == 0) {
            return "none";
        }
        List<String> names = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            if ((value >> i & 1) != 0) {
                names.add(CapabilityNames.name(i));
            }
        }
        return String.join(",", names);
    }

    private static String fileMode(int mode) {
        String type = switch (mode & S_IFMT) {
            case 0020000 -> "char";
            case 0060000 -> "block";
            case 0010000 -> "fifo";
            case 0040000 -> "directory";
            case 0100000 -> "file";
            default -> "0" + Integer.toOctalString(mode & S_IFMT);
        };
        int permissions = mode & ~S_IFMT;
        return permissions == 0 ? type : type + ":0" + Integer.toOctalString(permissions);
    }

    private static String strings(List<?> values) {
        return values.stream().map(value -> quote((String) value)).collect(Collectors.joining(", ", "[", "]"));
    }

    private static String bytes(Field field, byte[] value) {
        if (field.name().equals("groups")) {
            List<String> groups = new ArrayList<>();
            ByteBuffer in = ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN);
            while (in.remaining() >= 4) {
                groups.add(Integer.toUnsignedString(in.getInt()));
            }
            return groups.toString();
        }
        if (value.length > LONGEST_BYTES) {
            return value.length + " bytes";
        }
        StringBuilder hex = new StringBuilder("0x");
        for (byte b : value) {
            hex.append(Character.forDigit(b >> 4 & 15, 16)).append(Character.forDigit(b & 15, 16));
        }
        return hex.toString();
    }

    /** As it is, or in quotes where that would be misread. */
    private static String quote(String value) {
        boolean plain = !value.isEmpty();
        for (int i = 0; i < value.length() && plain; i++) {
            char c = value.charAt(i);
            plain = c > ' ' && c != '"' && c != ',' && c != '[' && c != ']' && c != '\\' && c != 0x7f;
        }
        if (plain) {
            return value;
        }
        StringBuilder quoted = new StringBuilder("\"");
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c < ' ') {
                quoted.append(String.format("\\x%02x", (int) c));
            } else {
                if (c == '"' || c == '\\') {
                    quoted.append('\\');
                }
                quoted.append(c);
            }
        }
        return quoted.append('"').toString();
    }

    private static String kindName(int number) {
        return Stream.of(Plan.Kind.values())
                .filter(kind -> kind.number() == number)
                .map(kind -> kind.name().toLowerCase(Locale.ROOT))
                .findFirst()
                .orElse("unknown");
    }
}
