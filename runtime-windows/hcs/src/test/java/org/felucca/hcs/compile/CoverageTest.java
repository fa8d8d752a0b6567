package org.felucca.hcs.compile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.felucca.oci.runtimespec.Spec;
import org.junit.jupiter.api.Test;

/** {@code docs/spec/windows-coverage.md} says of every property of the runtime-spec what is done with it on Windows. */
class CoverageTest {
    private static final Path TOP = Path.of("../..");
    private static final Path GOLDEN = Path.of("src/test/resources/org/felucca/hcs/compile/golden");
    private static final Pattern ROW =
            Pattern.compile("\\| `([^`]+)` \\| ([a-z]+) \\| ([^|]*) \\| ([^|]*) \\| ([^|]*) \\|");
    private static final Pattern NAME = Pattern.compile("`([A-Za-z0-9_-]+)`");
    /** Named after a behaviour, and not private: what JUnit runs. */
    private static final Pattern TEST = Pattern.compile("\n    void (\\w+_\\w+)\\(");

    private static final Set<String> VERDICTS = Set.of("mapped", "prepared", "refused");

    /** Where a component is not called as its property, but for upper and lower case. */
    private static final Map<String, String> RENAMED =
            Map.of("CpuAffinity.finalCpus", "final", "IoPriority.ioClass", "class");

    private record Row(String property, String verdict, List<String> golden, List<String> tests) {}

    private static List<Row> rows() throws IOException {
        return ROW.matcher(Files.readString(TOP.resolve("docs/spec/windows-coverage.md")))
                .results()
                .map(found -> new Row(found.group(1), found.group(2), names(found.group(4)), names(found.group(5))))
                .toList();
    }

    private static List<String> names(String cell) {
        Matcher matcher = NAME.matcher(cell);
        return matcher.results().map(name -> name.group(1)).toList();
    }

    @Test
    void coverage_everyPropertyOfTheRecords_hasExactlyOneRow() throws IOException {
        Set<String> properties = new TreeSet<>();
        collect("", Spec.class, properties);
        assertTrue(properties.size() > 100, () -> "only " + properties.size() + " properties were found");
        List<String> rows = rows().stream()
                .map(row -> row.property().toLowerCase(Locale.ROOT))
                .filter(name -> name.startsWith("/"))
                .sorted()
                .toList();
        assertEquals(String.join("\n", properties), String.join("\n", rows));
    }

    @Test
    void coverage_everyRow_isAVerdictWithGoldenFileAndTestsThatExist() throws IOException {
        Set<String> tests = new TreeSet<>();
        for (String area : List.of("bundles/oci/src/test", "runtime-windows/hcs/src/test")) {
            try (Stream<Path> files = Files.walk(TOP.resolve(area))) {
                for (Path file :
                        files.filter(path -> path.toString().endsWith(".java")).toList()) {
                    TEST.matcher(Files.readString(file)).results().forEach(match -> tests.add(match.group(1)));
                }
            }
        }
        assertTrue(tests.size() > 60, () -> "only " + tests.size() + " tests were found");
        assertEquals(
                List.of(), rows().stream().flatMap(row -> problems(row, tests)).toList());
    }

    @Test
    void coverage_everyGoldenFileOfOneProperty_isNamedByARow() throws IOException {
        Set<String> named = new TreeSet<>();
        rows().forEach(row -> named.addAll(row.golden()));
        Set<String> variants =
                Set.of("mount-file-volume", "credential-spec-text", "process-console-size-without-terminal");
        try (Stream<Path> files = Files.list(GOLDEN)) {
            assertEquals(
                    List.of(),
                    files.map(file -> file.getFileName().toString().replace(".txt", ""))
                            .filter(name -> !named.contains(name) && !variants.contains(name))
                            .sorted()
                            .toList());
        }
    }

    private static Stream<String> problems(Row row, Set<String> tests) {
        Stream.Builder<String> problems = Stream.builder();
        if (!VERDICTS.contains(row.verdict())) {
            problems.add(row.property() + ": there is no verdict '" + row.verdict() + "'");
        }
        if (row.verdict().equals("refused") != row.golden().isEmpty()) {
            problems.add(row.property() + ": a golden file shows what is mapped or prepared, and only that");
        }
        row.golden().stream()
                .filter(name -> !Files.exists(GOLDEN.resolve(name + ".txt")))
                .forEach(name -> problems.add(row.property() + ": there is no golden file " + name));
        if (row.tests().isEmpty()) {
            problems.add(row.property() + ": no test is named");
        }
        row.tests().stream()
                .filter(test -> !tests.contains(test))
                .forEach(test -> problems.add(row.property() + ": there is no test " + test));
        return problems.build();
    }

    private static void collect(String at, Class<?> type, Set<String> properties) {
        for (RecordComponent component : type.getRecordComponents()) {
            String key = type.getSimpleName() + "." + component.getName();
            String path = at + "/" + RENAMED.getOrDefault(key, component.getName());
            properties.add(path.toLowerCase(Locale.ROOT));
            if (path.equals("/linux")) {
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
    private static Optional<Class<?>> element(Type type) {
        if (type instanceof ParameterizedType parameterized) {
            Type[] arguments = parameterized.getActualTypeArguments();
            if (arguments[arguments.length - 1] instanceof Class<?> last && last.isRecord()) {
                return Optional.of(last);
            }
        }
        return Optional.empty();
    }
}
