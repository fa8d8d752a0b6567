package org.felucca.runtime.engine.dbus;

import java.util.Arrays;

/**
 * A message.
 *
 * @param type one of the constants
 * @param serial the sender's number
 * @param replySerial which call it answers; 0 for none
 * @param path of the object; empty for none
 * @param contract the interface; empty for none
 * @param member method or signal; empty for none
 * @param error name of the error; empty for none
 * @param destination a name on the bus; empty for none
 * @param signature types of the body
 * @param body the values
 * @param bigEndian byte order of the body
 */
record BusMessage(
        int type,
        long serial,
        long replySerial,
        String path,
        String contract,
        String member,
        String error,
        String destination,
        String signature,
        byte[] body,
        boolean bigEndian) {
    static final int CALL = 1;
    static final int RETURN = 2;
    static final int ERROR = 3;
    static final int SIGNAL = 4;

    /** The part whose size does not vary; it tells that of the rest. */
    static final int PREFIX = 16;
    /** The specification's longest message. */
    static final int LONGEST = 1 << 27;

    private static final int VERSION = 1;
    private static final int PATH = 1;
    private static final int INTERFACE = 2;
    private static final int MEMBER = 3;
    private static final int ERROR_NAME = 4;
    private static final int REPLY_SERIAL = 5;
    private static final int DESTINATION = 6;
    private static final int SENDER = 7;
    private static final int SIGNATURE = 8;
    private static final int UNIX_FDS = 9;

    static BusMessage call(
            long serial,
            String destination,
            String path,
            String contract,
            String member,
            String signature,
            byte[] body) {
        return new BusMessage(CALL, serial, 0, path, contract, member, "", destination, signature, body, false);
    }

    byte[] encode() {
        Marshal out = new Marshal()
                .u8('l')
                .u8(type)
                .u8(0)
                .u8(VERSION)
                .u32(body.length)
                .u32(serial);
        out.beginArray(8);
        text(out, PATH, "o", path);
        text(out, INTERFACE, "s", contract);
        text(out, MEMBER, "s", member);
        text(out, ERROR_NAME, "s", error);
        if (replySerial != 0) {
            out.struct().u8(REPLY_SERIAL).variant("u").u32(replySerial);
        }
        text(out, DESTINATION, "s", destination);
        if (!signature.isEmpty()) {
            out.struct().u8(SIGNATURE).variant("g").signature(signature);
        }
        byte[] header = out.endArray().struct().bytes();
        byte[] whole = Arrays.copyOf(header, header.length + body.length);
        System.arraycopy(body, 0, whole, header.length, body.length);
        return whole;
    }

    private static void text(Marshal out, int field, String type, String value) {
        if (!value.isEmpty()) {
            out.struct().u8(field).variant(type).string(value);
        }
    }

    /** Returns how long a message is that begins so. */
    static int length(byte[] prefix) {
        Unmarshal in = new Unmarshal(prefix, bigEndian(prefix));
        in.u32();
        long body = in.u32();
        in.u32();
        long fields = in.u32();
        long length = PREFIX + ((fields + 7) & -8) + body;
        if (fields > LONGEST || body > LONGEST || length > LONGEST) {
            throw Unmarshal.malformed("it is " + length + " bytes long");
        }
        return (int) length;
    }

    private static boolean bigEndian(byte[] prefix) {
        return switch (prefix[0]) {
            case 'l' -> false;
            case 'B' -> true;
            default -> throw Unmarshal.malformed("it begins with " + prefix[0]);
        };
    }

    static BusMessage decode(byte[] whole) {
        boolean bigEndian = bigEndian(whole);
        Unmarshal in = new Unmarshal(whole, bigEndian);
        in.u8();
        int type = in.u8();
        in.u8();
        if (in.u8() != VERSION) {
            throw Unmarshal.malformed("it is of another version of the protocol");
        }
        long bodySize = in.u32();
        long serial = in.u32();
        long end = in.u32() + in.position();
        String[] texts = new String[UNIX_FDS];
        Arrays.fill(texts, "");
        long replySerial = 0;
        while (in.position() < end) {
            in.align(8);
            int field = in.u8();
            String signature = in.signature();
            switch (field) {
                case PATH, INTERFACE, MEMBER, ERROR_NAME, DESTINATION, SENDER -> texts[field] = in.string();
                case SIGNATURE -> texts[field] = in.signature();
                case REPLY_SERIAL -> replySerial = in.u32();
                case UNIX_FDS -> in.u32();
                default -> throw Unmarshal.malformed("its header has a field " + field + " of type " + signature);
            }
        }
        in.align(8);
        byte[] body = Arrays.copyOfRange(whole, in.position(), whole.length);
        if (body.length != bodySize) {
            throw Unmarshal.malformed("its header is not as long as it says");
        }
        return new BusMessage(
                type,
                serial,
                replySerial,
                texts[PATH],
                texts[INTERFACE],
                texts[MEMBER],
                texts[ERROR_NAME],
                texts[DESTINATION],
                texts[SIGNATURE],
                body,
                bigEndian);
    }

    Unmarshal values() {
        return new Unmarshal(body, bigEndian);
    }
}
