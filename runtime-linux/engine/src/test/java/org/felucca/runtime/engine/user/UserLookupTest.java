package org.felucca.runtime.engine.user;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.felucca.api.error.ErrorCode;
import org.felucca.api.error.FeluccaException;
import org.felucca.posix.fs.Dir;
import org.felucca.posix.fs.Fd;
import org.felucca.runtime.engine.user.UserLookup.Identity;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UserLookupTest {
    @TempDir
    Path root;

    private Fd directory;

    @BeforeEach
    void open() throws IOException {
        Files.createDirectories(root.resolve("etc"));
        directory = Dir.open(root);
    }

    @AfterEach
    void close() {
        directory.close();
    }

    private void passwd(String text) throws IOException {
        Files.writeString(root.resolve("etc/passwd"), text);
    }

    private void group(String text) throws IOException {
        Files.writeString(root.resolve("etc/group"), text);
    }

    private Identity find(String user) {
        return new UserLookup(directory).find(user);
    }

    @Test
    void find_noFiles_takesNumbers() {
        assertEquals(new Identity(12, 0, List.of(), "/"), find("12"));
        assertEquals(new Identity(12, 13, List.of(), "/"), find("12:13"));
    }

    @Test
    void find_nameWinsOverNumber_andTheFirstNumberOverTheNext() throws IOException {
        passwd("a:x:5:6::/a:\nb:x:5:7::/b:\n5:x:9:9::/five:\n");
        assertEquals(new Identity(9, 9, List.of(), "/five"), find("5"));
        passwd("a:x:5:6::/a:\nb:x:5:7::/b:\n");
        assertEquals(new Identity(5, 6, List.of(), "/a"), find("5"));
    }

    @Test
    void find_malformedLines_arePassedOver() throws IOException {
        passwd("\n#comment\nshort:x:1\nbad:x:one:2::/:\nhuge:x:99999999999:2::/:\nok:x:3:4::relative:\n");
        group("g:x:nine:ok\nmember:x:8:ok,\n");
        assertEquals(new Identity(3, 4, List.of(8L), "/"), find("ok"));
        assertEquals(
                ErrorCode.NOT_FOUND,
                assertThrows(FeluccaException.class, () -> find("bad")).code());
    }

    @Test
    void find_groupByName_dropsSupplementaryGroups() throws IOException {
        passwd("u:x:1:1::/u:\n");
        group("one:x:1:\nextra:x:2:u\nnamed:x:3:\n");
        assertEquals(new Identity(1, 1, List.of(2L), "/u"), find("u"));
        assertEquals(new Identity(1, 3, List.of(), "/u"), find("u:named"));
        assertEquals(
                ErrorCode.NOT_FOUND,
                assertThrows(FeluccaException.class, () -> find("u:nope")).code());
    }

    @ParameterizedTest
    @ValueSource(strings = {"4294967296", "99999999999999999999", "2147483648", "0:4294967296"})
    void find_numberOutOfRange_isInvalid(String user) {
        assertEquals(
                ErrorCode.INVALID_ARGUMENT,
                assertThrows(FeluccaException.class, () -> find(user)).code());
    }

    @Test
    void find_fileThatIsNoRegularOne_isRefused() throws IOException {
        Files.createDirectory(root.resolve("etc/passwd"));
        assertEquals(
                ErrorCode.FAILED_PRECONDITION,
                assertThrows(FeluccaException.class, () -> find("u")).code());
    }
}
