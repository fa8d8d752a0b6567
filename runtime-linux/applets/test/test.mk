# Tests, sanitizers, fuzzing, bench. Paths of what is under test are compiled into the drivers.

TEST_SOURCES = $(filter-out test/guest.c test/fuzz_%.c test/bench_%.c,$(wildcard test/*.c))
TEST_OBJECTS = $(TEST_SOURCES:%.c=$(OUT)/%.o) $(LIBRARY_OBJECTS)
TEST_DEFINES = -DAPPLETS='"$(CURDIR)/$(OUT)/felucca-applets"' -DGUEST='"$(CURDIR)/$(OUT)/guest"'
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

check: $(OUT)/felucca-applets $(OUT)/guest $(OUT)/run-tests
	@$(OUT)/run-tests $(TEST)

-include $(TEST_OBJECTS:.o=.d)

BENCH_OBJECTS = $(OUT)/test/bench_spawn.o \
                $(filter-out $(OUT)/test/main.o $(OUT)/test/test_%.o,$(TEST_OBJECTS))

$(OUT)/bench-spawn: $(BENCH_OBJECTS)
	@echo "  LINK $@"
	@$(CC) $(TEST_LDFLAGS) -o $@ $(BENCH_OBJECTS)

bench: $(OUT)/felucca-applets $(OUT)/guest $(OUT)/bench-spawn
	@$(OUT)/bench-spawn
