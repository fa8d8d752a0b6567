package org.felucca.winapi.result;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.junit.jupiter.api.Test;

class ResultsTest {

    @Test
    void computeResults_nameEveryDocumentedValue() {
        // 0x103 and 0x104 are no failures: pending, and an information.
        List<Integer> documented = IntStream.rangeClosed(0x80370100, 0x80370121)
                .filter(v -> v != 0x80370103 && v != 0x80370104)
                .boxed()
                .toList();

        assertEquals(
                documented,
                Arrays.stream(ComputeResult.values()).map(KnownResult::value).toList());
    }

    @Test
    void networkResults_nameEveryDocumentedValue() {
        assertEquals(
                IntStream.rangeClosed(0x803B0001, 0x803B0037).boxed().toList(),
                Arrays.stream(NetworkResult.values()).map(KnownResult::value).toList());
    }

    @Test
    void of_everyKnownValue_findsItself() {
        for (KnownResult[] results :
                List.<KnownResult[]>of(ComputeResult.values(), NetworkResult.values(), SystemResult.values())) {
            for (KnownResult result : results) {
                assertSame(result, new HResult(result.value()).known().orElseThrow());
            }
        }
    }

    @Test
    void of_aStatusOfTheKernel_isTheSameResult() {
        assertTrue(new HResult(0xC037010E).is(ComputeResult.HCS_E_SYSTEM_NOT_FOUND));
    }

    @Test
    void ofWin32_makesAnHResultOfACode() {
        assertEquals(SystemResult.E_ACCESSDENIED.value(), HResult.ofWin32(5).value());
        assertEquals(0, HResult.ofWin32(0).value());
        assertEquals(0x80370110, HResult.ofWin32(0x80370110).value());
    }

    @Test
    void text_ofAnUnknownResult_isItsNumber() {
        HResult unknown = new HResult(0x8ABC1234);

        assertEquals("result 0x8ABC1234", unknown.text());
        assertEquals(ErrorCode.INTERNAL, unknown.code());
        assertFalse(unknown.succeeded());
    }

    @Test
    void document_ofTheComputeService_givesMessageAndEvents() {
        ResultDocument document = ResultDocument.of("{\"Error\":-2143878899,\"ErrorMessage\":\"It is invalid.\\r\\n\","
                + "\"ErrorEvents\":[{\"Message\":\"Field X is wrong.\",\"EventId\":1},{\"Source\":\"s\"}]}");

        assertEquals(OptionalInt.of(0x8037010D), document.error());
        assertEquals("It is invalid: Field X is wrong", document.text());
    }

    @Test
    void document_ofTheNetworkService_givesErrorAndCode() {
        ResultDocument document = ResultDocument.of(
                "{\"Success\":false,\"ErrorCode\":2151350273,\"Error\":\"The network was not found. \"}");

        assertEquals(OptionalInt.of(0x803B0001), document.error());
        assertEquals("The network was not found", document.text());
    }

    @Test
    void document_thatIsNone_isKeptAsText() {
        assertEquals("HNS failed", ResultDocument.of(" HNS failed\n").text());
        assertEquals("[1]", ResultDocument.of("[1]").text());
        assertEquals("{\"Error\":", ResultDocument.of("{\"Error\":").text());
        assertEquals(ResultDocument.NONE, ResultDocument.of("  "));
    }

    @Test
    void toFelucca_carriesCodeAndText() {
        WinapiException e = new WinapiException(
                new HResult(ComputeResult.HCS_E_SYSTEM_ALREADY_EXISTS.value()),
                "HcsCreateComputeSystem",
                "web-1",
                "{\"ErrorMessage\":\"Already there.\"}");

        FeluccaException crossing = e.toFelucca("cannot create container web-1", "choose another name");

        assertEquals(ErrorCode.ALREADY_EXISTS, crossing.code());
        assertEquals(
                "cannot create container web-1: a container of that identifier exists already "
                        + "(HCS_E_SYSTEM_ALREADY_EXISTS): Already there; choose another name",
                crossing.getMessage());
    }
}
