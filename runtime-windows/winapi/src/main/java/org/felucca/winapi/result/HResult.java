package org.felucca.winapi.result;

import java.util.Locale;
import java.util.Optional;
import org.felucca.api.error.ErrorCode;

/**
 * A result of Windows: negative for a failure. Documented ones have a name and a text; others are shown as a number.
 *
 * @param value the HRESULT
 */
public record HResult(int value) {

    private static final int WIN32_FACILITY = 0x80070000;
    private static final int CODE = 0xFFFF;
    /** Set where a status of the kernel is handed on in an HRESULT's place; the rest of the number is the same. */
    private static final int NTSTATUS_ERROR = 0x40000000;

    /** Success. */
    public static final HResult OK = new HResult(0);

    /** The result that stands for a Win32 error code; a code that is an HRESULT already is taken as it is. */
    public static HResult ofWin32(int error) {
        return new HResult(error <= 0 ? error : WIN32_FACILITY | (error & CODE));
    }

    /** Returns {@code true} unless the value is negative. */
    public boolean succeeded() {
        return value >= 0;
    }

    /** Returns {@code true} if this is the documented result. */
    public boolean is(KnownResult known) {
        return known().filter(k -> k == known).isPresent();
    }

    /** The documented result, where there is one. The compute service also reports its codes as 0xC037xxxx. */
    public Optional<KnownResult> known() {
        return KnownResult.of(value).or(() -> KnownResult.of(value & ~NTSTATUS_ERROR));
    }

    /** The code of the platform: {@link ErrorCode#INTERNAL} where the result is not documented. */
    public ErrorCode code() {
        return known().map(KnownResult::code).orElse(ErrorCode.INTERNAL);
    }

    /** {@code the container is not running (HCS_E_SYSTEM_ALREADY_STOPPED)}, or {@code result 0x80041234}. */
    public String text() {
        return known().map(k -> k.text() + " (" + k.name() + ')').orElseGet(() -> "result " + hex());
    }

    /** The number as it is written in documents: {@code 0x80370110}. */
    public String hex() {
        return String.format(Locale.ROOT, "0x%08X", value);
    }

    @Override
    public String toString() {
        return known().map(KnownResult::name).orElseGet(this::hex);
    }
}
