package org.felucca.runtime.ocicli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.annotation.Annotation;
import java.util.Dictionary;
import java.util.Map;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.runtime.RuntimeBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.osgi.service.component.ComponentFactory;
import org.osgi.service.component.ComponentInstance;

class RuntimeConfigurationTest {
    @ParameterizedTest
    @CsvSource({
        ",/bin/true,its id 'null'",
        "Crun,/bin/true,its id 'Crun'",
        "crun,,its binary 'null'",
        "crun,crun,its binary 'crun'"
    })
    void activate_withoutIdOrAbsoluteBinary_isRefusedByName(String id, String binary, String reason) {
        FeluccaException refused = assertThrows(
                FeluccaException.class,
                () -> new RuntimeConfiguration(
                        settings(id, binary), Map.of("service.pid", "org.felucca.runtime.ocicli~x"), new NoFactory()));
        assertEquals(ErrorCode.INVALID_ARGUMENT, refused.code());
        assertTrue(refused.getMessage().contains("org.felucca.runtime.ocicli~x"), refused.getMessage());
        assertTrue(refused.getMessage().contains(reason), refused.getMessage());
    }

    @Test
    void activate_whoseBinaryIsNotThere_makesNoBackend() {
        new RuntimeConfiguration(settings("none", "/nonexistent/runtime"), Map.of(), new NoFactory()).close();
    }

    /** Fails the test when a backend is made. */
    private static final class NoFactory implements ComponentFactory<RuntimeBackend> {
        @Override
        public ComponentInstance<RuntimeBackend> newInstance(Dictionary<String, ?> properties) {
            throw new AssertionError("made with " + properties);
        }
    }

    private static RuntimeConfiguration.Settings settings(String id, String binary) {
        return new RuntimeConfiguration.Settings() {
            @Override
            public String id() {
                return id;
            }

            @Override
            public String binary() {
                return binary;
            }

            @Override
            public String[] args() {
                return new String[0];
            }

            @Override
            public String[] env() {
                return new String[0];
            }

            @Override
            public String[] hide() {
                return new String[0];
            }

            @Override
            public String cgroupParent() {
                return "/felucca";
            }

            @Override
            public int deadlineSeconds() {
                return 30;
            }

            @Override
            public int threads() {
                return 2;
            }

            @Override
            public Class<? extends Annotation> annotationType() {
                return RuntimeConfiguration.Settings.class;
            }
        };
    }
}
