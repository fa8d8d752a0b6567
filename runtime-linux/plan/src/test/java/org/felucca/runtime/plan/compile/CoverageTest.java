package org.felucca.runtime.plan.compile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.felucca.oci.runtimespec.Spec;
import org.junit.jupiter.api.Test;

/** {@code docs/spec/coverage.md} says of every property of the runtime-spec what is done with it, and who proves it. */
class CoverageTest {
    private static final Path TOP = Path.of("../..");
    private static final Pattern ROW = Pattern.compile("\\| `([^`]+)` \\| ([a-z]+) \\| ([^|]*) \\| ([^|]*) \\|");
    private static final Pattern NAME = Pattern.compile("`([A-Za-z0-9_]+)`");
    /** Named after a behaviour, and not private: what JUnit runs. */
    private static final Pattern JAVA_TEST = Pattern.compile("\n    void (\\w+_\\w+)\\(");

    /** A row of a table of tests. */
    private static final Pattern C_TEST = Pattern.compile("\\{\"(\\w+)\",\\s+\\w+\\}");

    private static final Set<String> VERDICTS = Set.of("enforced", "clamped", "double", "refused");

    /** Where a component is not called as its property, but for upper and lower case. */
    private static final Map<String, String> RENAMED = Map.of(
            "CpuAffinity.finalCpus", "final",
            "IoPriority.ioClass", "class",
            "Memory.disableOomKiller", "disableOOMKiller");

    private record Row(String property, String verdict, String what, List<String> tests) {}

    private static List<Row> rows() throws IOException {
        Matcher matcher = ROW.matcher(Files.readString(TOP.resolve("docs/spec/coverage.md")));
        return matcher.results()
                .map(found -> new Row(
                        found.group(1),
                        found.group(2),
                        found.group(3),
                        NAME.matcher(found.group(4))
                                .results()
                                .map(name -> name.group(1))
                                .toList()))
                .toList();
    }

    @Test
    void coverage_everyPropertyOfTheRecords_hasExactlyOneRow() throws IOException {
        Set<String> properties = new TreeSet<>();
        collect("", Spec.class, properties);
        assertTrue(properties.size() > 150, () -> "only " + properties.size() + " properties were found");
        List<String> rows = rows().stream()
                .map(Row::property)
                .filter(name -> name.startsWith("/"))
                .map(name -> name.toLowerCase(java.util.Locale.ROOT))
                .sorted()
                .toList();
        assertEquals(String.join("\n", properties), String.join("\n", rows));
    }

    @Test
    void coverage_everyMountOption_hasARow() throws IOException {
        Set<String> rows = rows().stream().map(Row::property).collect(Collectors.toSet());
        assertEquals(
                List.of(),
                MountOptions.names().stream()
                        .filter(option -> !rows.contains(option))
                        .sorted()
                        .toList());
    }

    @Test
    void coverage_everyRow_isAVerdictWithTestsThatExist() throws IOException {
        Set<String> tests = tests();
        assertTrue(tests.size() > 200, () -> "only " + tests.size() + " tests were found");
        List<String> problems =
                rows().stream().flatMap(row -> problems(row, tests)).toList();
        assertEquals(List.of(), problems);
    }

    @Test
    void hardening_everyRow_namesTestsThatExist() throws IOException {
        Set<String> tests = tests();
        List<String> rows = Files.readAllLines(TOP.resolve("docs/spec/hardening.md")).stream()
                .filter(line -> line.startsWith("| ") && !line.startsWith("| Attack "))
                .toList();
        assertTrue(rows.size() > 15, () -> "only " + rows.size() + " rows were found");
        for (String row : rows) {
            String[] cells = row.split(" \\| ");
            List<String> named = NAME.matcher(cells[cells.length - 1])
                    .results()
                    .map(name -> name.group(1))
                    .toList();
            assertFalse(named.isEmpty(), row);
            assertEquals(
                    List.of(),
                    named.stream().filter(test -> !tests.contains(test)).toList(),
                    row);
        }
    }

    private static Stream<String> problems(Row row, Set<String> tests) {
        Stream.Builder<String> problems = Stream.builder();
        if (!VERDICTS.contains(row.verdict())) {
            problems.add(row.property() + ": there is no verdict '" + row.verdict() + "'");
        }
        if (row.tests().isEmpty()) {
            problems.add(row.property() + ": no test is named");
        }
        row.tests().stream()
                .filter(test -> !tests.contains(test))
                .forEach(test -> problems.add(row.property() + ": there is no test " + test));
        return problems.build();
    }

    /** Java methods that are tests, and entries of the C tests' tables. */
    private static Set<String> tests() throws IOException {
        Set<String> found = new TreeSet<>();
        for (String area :
                List.of("bundles/oci/src/test", "runtime-linux/plan/src/test", "runtime-linux/engine/src/test")) {
            scan(TOP.resolve(area), ".java", JAVA_TEST, found);
        }
        scan(TOP.resolve("runtime-linux/applets/test"), ".c", C_TEST, found);
        return found;
    }

    private static void scan(Path directory, String ending, Pattern test, Set<String> found) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            for (Path file :
                    files.filter(path -> path.toString().endsWith(ending)).toList()) {
                test.matcher(Files.readString(file)).results().forEach(match -> found.add(match.group(1)));
            }
        }
    }

    private static void collect(String at, Class<?> type, Set<String> properties) {
        for (RecordComponent component : type.getRecordComponents()) {
            String key = type.getSimpleName() + "." + component.getName();
            String path = at + "/" + RENAMED.getOrDefault(key, component.getName());
            properties.add(path.toLowerCase(java.util.Locale.ROOT));
            if (path.equals("/windows")) {
                continue;
            }
            Class<?> value = component.getType();
            if (value.isRecord()) {
                collect(path, value, properties);
            } else {
                element(component.getGenericType()).ifPresent(element -> collect(path + "/*", element, properties));
            }
        }
    }

    /** The record that a list or map holds. */
    private static java.util.Optional<Class<?>> element(Type type) {
        if (type instanceof ParameterizedType parameterized) {
            Type[] arguments = parameterized.getActualTypeArguments();
            if (arguments[arguments.length - 1] instanceof Class<?> last && last.isRecord()) {
                return java.util.Optional.of(last);
            }
        }
        return java.util.Optional.empty();
    }
}
