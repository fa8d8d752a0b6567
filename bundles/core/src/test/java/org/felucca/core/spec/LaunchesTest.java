package org.felucca.core.spec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.Map;
import org.felucca.api.container.ContainerRequest;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.api.metadata.NamespaceName;
import org.felucca.oci.image.ContainerDefaults;
import org.junit.jupiter.api.Test;

class LaunchesTest {
    private static final ContainerDefaults IMAGE = ContainerDefaults.builder()
            .entrypoint(List.of("/entry"))
            .cmd(List.of("image", "cmd"))
            .env(List.of("A=1", "B=2"))
            .workingDir("/work")
            .user("www")
            .stopSignal("SIGQUIT")
            .labels(Map.of("a", "image", "b", "image"))
            .build();

    private static ContainerRequest.Builder request() {
        return ContainerRequest.of(NamespaceName.DEFAULT, "i");
    }

    private static List<String> args(ContainerRequest.Builder request) {
        return Launches.of(request.build(), IMAGE).args();
    }

    @Test
    void program_isEntrypointAndCommandAsDockerCombinesThem() {
        assertEquals(List.of("/entry", "image", "cmd"), args(request()));
        assertEquals(List.of("/entry", "mine"), args(request().command(List.of("mine"))));
        assertEquals(List.of("/mine"), args(request().entrypoint(List.of("/mine"))), "the image's command goes too");
        assertEquals(List.of("x"), args(request().entrypoint(List.of()).command(List.of("x"))));
    }

    @Test
    void noProgram_throwsInvalidArgument() {
        assertEquals(
                ErrorCode.INVALID_ARGUMENT,
                assertThrows(FeluccaException.class, () -> args(request().entrypoint(List.of())))
                        .code());
    }

    @Test
    void emptyProgram_throwsNotFoundNamingIt() {
        FeluccaException refused = assertThrows(
                FeluccaException.class,
                () -> args(request().entrypoint(List.of()).command(List.of("", "x"))));
        assertEquals(ErrorCode.NOT_FOUND, refused.code());
        assertEquals("cannot execute ''", refused.subject());
    }

    @Test
    void whatTheRequestDoesNotSay_isTheImages() {
        var launch = Launches.of(request().build(), IMAGE);

        assertEquals("/work", launch.workingDirectory());
        assertEquals("www", launch.user());
        assertEquals("SIGQUIT", launch.stopSignal());
        assertEquals(List.of("A=1", "B=2"), launch.environment());
        var own = Launches.of(
                request()
                        .workingDirectory("/")
                        .user("0")
                        .stopSignal("9")
                        .environment(List.of("B=3", "C=4"))
                        .build(),
                IMAGE);
        assertEquals("/", own.workingDirectory());
        assertEquals("0", own.user());
        assertEquals("9", own.stopSignal());
        assertEquals(List.of("A=1", "B=3", "C=4"), own.environment());
    }

    @Test
    void relativeDirectoryOfAnImage_isTakenFromTheRoot_ofARequestItIsRefused() {
        ContainerDefaults relative =
                ContainerDefaults.builder().cmd(List.of("a")).workingDir("work").build();

        assertEquals("/work", Launches.of(request().build(), relative).workingDirectory());
        assertThrows(
                FeluccaException.class,
                () -> Launches.of(request().workingDirectory("work").build(), relative));
    }

    @Test
    void unknownStopSignal_isRefused() {
        assertThrows(
                FeluccaException.class,
                () -> Launches.of(request().stopSignal("SIGNOPE").build(), IMAGE));
    }

    @Test
    void labels_ofTheRequest_areOverThoseOfTheImage() {
        assertEquals(
                Map.of("a", "mine", "b", "image"),
                Launches.labels(request().labels(Map.of("a", "mine")).build(), IMAGE));
    }
}
