# SPDX-License-Identifier: GPL-2.0-only
#
# ipcbench, and what it shares with ipclaims: user/lab. Included by user/Makefile.

lab_src := $(wildcard $(src)/lab/*.c)
bench_src := $(wildcard $(src)/ipcbench/*.c)
bench_part := $(filter-out %/ipcbench.c,$(bench_src))
bench_tests := $(patsubst $(src)/%.c,$(san)/%,$(wildcard $(src)/tests/ipcbench_*_test.c))

# What it takes from the command mbox.
bench_tools := tools/parse.o tools/table.o

bench_packages := jansson libzmq librabbitmq libsystemd liburing
BENCH_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(bench_packages))
BENCH_LIBS := $(shell $(PKG_CONFIG) --libs $(bench_packages)) -lm

.PHONY: ipcbench install_ipcbench clean_ipcbench
ipcbench: $(out)/ipcbench
all: ipcbench
tests: $(san)/ipcbench/ipcbench
install: install_ipcbench
clean: clean_ipcbench

$(out)/lab/%.o: $(src)/lab/%.c
	@mkdir -p $(@D)
	$(call quiet,CC)$(CC) $(flags) -c -o $@ $<

$(out)/ipcbench.d/%.o: $(src)/ipcbench/%.c
	@mkdir -p $(@D)
	$(call quiet,CC)$(CC) $(flags) $(BENCH_CFLAGS) $(NL_CFLAGS) -c -o $@ $<

$(out)/lab.a: $(call objects,$(out),$(lab_src))
	@rm -f $@
	$(call quiet,AR)$(AR) rcs $@ $^

$(out)/ipcbench: $(patsubst $(src)/ipcbench/%.c,$(out)/ipcbench.d/%.o,$(bench_src)) \
		$(addprefix $(out)/,$(bench_tools) lab.a libmbox.a)
	$(call quiet,LD)$(CC) $(CFLAGS) $(LDFLAGS) -pthread -o $@ $^ $(BENCH_LIBS) $(NL_LIBS)

# ---- with sanitizers, for the tests ------------------------------------------

$(san)/lab/%.o: $(src)/lab/%.c
	@mkdir -p $(@D)
	$(call quiet,CC)$(CC) $(flags) $(sanflags) -c -o $@ $<

$(san)/ipcbench/%.o: $(src)/ipcbench/%.c
	@mkdir -p $(@D)
	$(call quiet,CC)$(CC) $(flags) $(sanflags) $(BENCH_CFLAGS) $(NL_CFLAGS) -c -o $@ $<

$(san)/lab.a: $(call objects,$(san),$(lab_src))
	@rm -f $@
	$(call quiet,AR)$(AR) rcs $@ $^

# All but main(), for the tests of its parts.
$(san)/ipcbench.a: $(call objects,$(san),$(bench_part))
	@rm -f $@
	$(call quiet,AR)$(AR) rcs $@ $^

bench_san_libs := $(addprefix $(san)/,ipcbench.a $(bench_tools) lab.a libmbox.a)

$(san)/ipcbench/ipcbench: $(san)/ipcbench/ipcbench.o $(bench_san_libs)
	$(call quiet,LD)$(CC) $(sanflags) -pthread -o $@ $^ $(BENCH_LIBS) $(NL_LIBS)

$(bench_tests:=.o): CPPFLAGS += -I$(src)/ipcbench
$(bench_tests): $(san)/tests/%_test: $(san)/tests/%_test.o $(bench_san_libs)
	$(call quiet,LD)$(CC) $(sanflags) -pthread -o $@ $^ $(BENCH_LIBS) $(NL_LIBS)

$(san)/tests/lab_%_test: $(san)/tests/lab_%_test.o $(san)/lab.a
	$(call quiet,LD)$(CC) $(sanflags) -o $@ $^

# ---- installation ------------------------------------------------------------

install_ipcbench: $(out)/ipcbench
	$(INSTALL) -d '$(DESTDIR)$(BINDIR)'
	$(INSTALL) -m 755 $(out)/ipcbench '$(DESTDIR)$(BINDIR)'

clean_ipcbench:
	rm -rf $(addprefix $(out)/,lab ipcbench.d ipcbench lab.a)
