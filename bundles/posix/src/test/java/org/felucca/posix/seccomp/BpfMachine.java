package org.felucca.posix.seccomp;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Runs the part of classic BPF that seccomp filters use. */
final class BpfMachine {

    private BpfMachine() {}

    static int run(byte[] program, byte[] data) {
        ByteBuffer code = ByteBuffer.wrap(program).order(ByteOrder.nativeOrder());
        ByteBuffer input = ByteBuffer.wrap(data).order(ByteOrder.nativeOrder());
        int accumulator = 0;
        int at = 0;
        while (true) {
            int operation = code.getShort(at * 8) & 0xFFFF;
            int onTrue = code.get(at * 8 + 2) & 0xFF;
            int onFalse = code.get(at * 8 + 3) & 0xFF;
            int operand = code.getInt(at * 8 + 4);
            at++;
            switch (operation) {
                case 0x20 -> accumulator = input.getInt(operand);
                case 0x54 -> accumulator &= operand;
                case 0x05 -> at += operand;
                case 0x15 -> at += accumulator == operand ? onTrue : onFalse;
                case 0x25 -> at += Integer.compareUnsigned(accumulator, operand) > 0 ? onTrue : onFalse;
                case 0x35 -> at += Integer.compareUnsigned(accumulator, operand) >= 0 ? onTrue : onFalse;
                case 0x06 -> {
                    return operand;
                }
                default -> throw new AssertionError("unknown instruction 0x" + Integer.toHexString(operation));
            }
        }
    }
}
