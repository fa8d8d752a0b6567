# Tests, sanitizers, fuzzing, bench. Paths of what is under test are compiled into the drivers.

TEST_SOURCES = $(filter-out test/guest.c test/seed_plans.c test/fuzz_%.c test/bench_%.c,$(wildcard test/*.c))
TEST_OBJECTS = $(TEST_SOURCES:%.c=$(OUT)/%.o) $(LIBRARY_OBJECTS)
TEST_DEFINES = -DAPPLETS='"$(CURDIR)/$(OUT)/felucca-applets"' -DGUEST='"$(CURDIR)/$(OUT)/guest"' \
               -DOCI='"$(CURDIR)/$(OUT)/felucca-oci"'
TEST_LDFLAGS = -static

$(OUT)/test/%.o: test/%.c Makefile test/test.mk
	@mkdir -p $(@D)
	@echo "  CC $<"
	@$(CC) $(CFLAGS) $(TEST_DEFINES) -I. -MMD -MP -c -o $@ $<

$(OUT)/guest: test/guest.c
	@mkdir -p $(@D)
	@echo "  CC $<"
	@$(CC) -O1 -g0 $(WARN) -static -s -o $@ $<

$(OUT)/run-tests: $(TEST_OBJECTS)
	@echo "  LINK $@"
	@$(CC) $(TEST_LDFLAGS) -o $@ $(TEST_OBJECTS)

check: $(OUT)/felucca-applets $(OUT)/felucca-oci $(OUT)/guest $(OUT)/run-tests
	@$(OUT)/run-tests $(TEST)

-include $(TEST_OBJECTS:.o=.d)

BENCH_OBJECTS = $(OUT)/test/bench_spawn.o \
                $(filter-out $(OUT)/test/main.o $(OUT)/test/test_%.o,$(TEST_OBJECTS))

$(OUT)/bench-spawn: $(BENCH_OBJECTS)
	@echo "  LINK $@"
	@$(CC) $(TEST_LDFLAGS) -o $@ $(BENCH_OBJECTS)

bench: $(OUT)/felucca-applets $(OUT)/guest $(OUT)/bench-spawn
	@$(OUT)/bench-spawn

# The same tests against a build with sanitizers, by clang and the C library of the system: musl has
# none. A finding ends the process, which fails the test that met it.
SAN = $(OUT)/sanitize
SAN_CFLAGS = -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all \
             -fno-omit-frame-pointer $(WARN) -Wno-error -I.
SAN_OBJECTS = $(SOURCES:%.c=$(SAN)/%.o)

$(SAN)/%.o: %.c Makefile test/test.mk
	@mkdir -p $(@D)
	@echo "  SANITIZE $<"
	@$(SANITIZE_CC) $(SAN_CFLAGS) -MMD -MP -c -o $@ $<

$(SAN)/felucca-applets: $(SAN_OBJECTS)
	@echo "  LINK $@"
	@$(SANITIZE_CC) -fsanitize=address,undefined -o $@ $(SAN_OBJECTS)

SAN_OCI_OBJECTS = $(OCI_OBJECTS:$(OUT)/%.o=$(SAN)/%.o)

$(SAN)/felucca-oci: $(SAN_OCI_OBJECTS)
	@echo "  LINK $@"
	@$(SANITIZE_CC) -fsanitize=address,undefined -o $@ $(SAN_OCI_OBJECTS)

$(SAN)/test/%.o: test/%.c Makefile test/test.mk
	@mkdir -p $(@D)
	@$(CC) $(CFLAGS) -DSANITIZED -DAPPLETS='"$(CURDIR)/$(SAN)/felucca-applets"' \
	    -DGUEST='"$(CURDIR)/$(OUT)/guest"' -DOCI='"$(CURDIR)/$(SAN)/felucca-oci"' -I. -MMD -MP -c -o $@ $<

SAN_TEST_OBJECTS = $(TEST_SOURCES:%.c=$(SAN)/%.o) $(LIBRARY_OBJECTS)

$(SAN)/run-tests: $(SAN_TEST_OBJECTS)
	@echo "  LINK $@"
	@$(CC) $(TEST_LDFLAGS) -o $@ $(SAN_TEST_OBJECTS)

check-sanitize: $(SAN)/felucca-applets $(SAN)/felucca-oci $(OUT)/guest $(SAN)/run-tests
	@rm -f $(SAN)/report.*
	@ASAN_OPTIONS=detect_leaks=0:log_path=$(CURDIR)/$(SAN)/report \
	    UBSAN_OPTIONS=log_path=$(CURDIR)/$(SAN)/report $(SAN)/run-tests $(TEST)
	@if ls $(SAN)/report.* >/dev/null 2>&1; then cat $(SAN)/report.*; exit 1; fi

FUZZ_SOURCES = test/fuzz_plan.c lib/plan.c lib/wire.c lib/failure.c

$(OUT)/fuzz-plan: $(FUZZ_SOURCES) $(wildcard lib/*.h)
	@mkdir -p $(@D)
	@echo "  FUZZ $@"
	@$(SANITIZE_CC) -O1 -g -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all $(WARN) \
	    -I. -o $@ $(FUZZ_SOURCES)

$(OUT)/seed-plans: test/seed_plans.c
	@echo "  CC $<"
	@$(CC) $(filter-out -fPIE,$(CFLAGS)) $(TEST_DEFINES) -I. $(TEST_LDFLAGS) -o $@ $< \
	    test/planner.c test/container.c lib/wire.c

# everything of felucca-oci but its main
FUZZ_OCI_SOURCES = test/fuzz_oci.c $(filter-out oci/main.c,$(OCI_OBJECTS:$(OUT)/%.o=%.c))

$(OUT)/fuzz-oci: $(FUZZ_OCI_SOURCES) $(wildcard *.h lib/*.h oci/*.h)
	@mkdir -p $(@D)
	@echo "  FUZZ $@"
	@$(SANITIZE_CC) -O1 -g -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all $(WARN) \
	    -Wno-error -I. -o $@ $(FUZZ_OCI_SOURCES)

# bounded: FUZZ_SECONDS each; a finding fails
fuzz: $(OUT)/fuzz-plan $(OUT)/seed-plans $(OUT)/fuzz-oci
	@mkdir -p $(OUT)/corpus
	@$(OUT)/seed-plans $(OUT)/corpus
	@cd $(OUT) && ./fuzz-plan -max_total_time=$(FUZZ_SECONDS) -max_len=8192 -verbosity=0 \
	    -print_final_stats=1 corpus
	@mkdir -p $(OUT)/corpus-oci
	@cd $(OUT) && ./fuzz-oci -max_total_time=$(FUZZ_SECONDS) -max_len=4096 -verbosity=0 \
	    -print_final_stats=1 corpus-oci

-include $(SAN_OBJECTS:.o=.d) $(SAN_OCI_OBJECTS:.o=.d) $(SAN_TEST_OBJECTS:.o=.d)
