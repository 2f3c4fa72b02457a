# SPDX-License-Identifier: GPL-2.0-only
#
# strace and debugger have parts, and strace has tables of names that are made
# from the system's headers. talk32 and victim32 are 32-bit twins.

ptrace_src := $(src)/examples/ptrace
ptrace_out := $(out)/examples/ptrace
ptrace_parts := $(patsubst %,$(ptrace_src)/parts/%.c,arguments call ioctl memory names)
ptrace_headers := $(wildcard $(ptrace_src)/parts/*.h) $(src)/examples/check.h
ptrace_tables := $(addprefix $(ptrace_out)/parts/,calls_64.h calls_32.h ioctls.h flags.h)
ptrace_32 := $(shell echo 'int main(void) { return 0; }' | \
	$(CC) -m32 -x c - -o /dev/null 2>/dev/null && echo y)

examples: $(addprefix $(ptrace_out)/,victim victim32 talk32)

# $(call defines,HEADER): all macros that are known after it is included
defines = mkdir -p $(@D) && echo '\#include <$(1)>' | $(CC) $(CPPFLAGS) -I$(uapi) -E -dM -

# #define __NR_read 0 becomes [0] = "read",
$(ptrace_out)/parts/calls_%.h:
	$(call quiet,GEN)$(call defines,asm/unistd_$*.h) | \
		sed -n 's/^.define __NR_\([a-z0-9_]*\) \([0-9]*\)$$/[\2] = "\1",/p' > $@

# Those of mbox, and those of terminals that are plain numbers
$(ptrace_out)/parts/ioctls.h: $(uapi)/linux/mbox.h
	$(call quiet,GEN)( $(call defines,linux/mbox.h); $(call defines,asm/ioctls.h) ) | \
		sed -n -e 's/^.define \(MBOX_IOC_[A-Z]*\) _IO.*/{ "\1", \1 },/p' \
		-e 's/^.define \(T[CI][A-Z0-9]*\) \(0x54[0-9A-F]*\)$$/{ "\1", \2 },/p' > $@

# The single bits: #define MBOX_OPEN_CREATE (1U << 0) and its kind
$(ptrace_out)/parts/flags.h: $(uapi)/linux/mbox.h
	$(call quiet,GEN)$(call defines,linux/mbox.h) | \
		sed -n 's/^.define \(MBOX_[A-Z_]*\) (1U << [0-9]*)$$/{ "\1", \1 },/p' > $@

$(ptrace_out)/strace: $(ptrace_src)/strace.c $(ptrace_parts) $(ptrace_headers) $(ptrace_tables)
	$(call quiet,CC)$(CC) $(flags) -MF /dev/null -I$(ptrace_out)/parts $(LDFLAGS) -o $@ \
		$< $(ptrace_parts)

$(ptrace_out)/debugger: $(ptrace_src)/debugger.c $(ptrace_src)/parts/program.c $(ptrace_headers)
	@mkdir -p $(@D)
	$(call quiet,CC)$(CC) $(flags) -MF /dev/null $(LDFLAGS) -o $@ $< \
		$(ptrace_src)/parts/program.c

$(ptrace_out)/victim: $(ptrace_src)/parts/victim.c
	@mkdir -p $(@D)
	$(call quiet,CC)$(CC) $(flags) $(LDFLAGS) -MF $@.d -o $@ $<

ifdef ptrace_32
ptrace_cc_32 = $(call quiet,CC)$(CC) $(flags) $(LDFLAGS) -m32 -MF $@.d -o $@ $<
else
ptrace_cc_32 = @echo 'No $(@F): $(CC) cannot build for 32 bits (gcc-multilib).'
endif

$(ptrace_out)/victim32: $(ptrace_src)/parts/victim.c
	@mkdir -p $(@D)
	$(ptrace_cc_32)

$(ptrace_out)/talk32: $(ptrace_src)/talk.c
	@mkdir -p $(@D)
	$(ptrace_cc_32)
