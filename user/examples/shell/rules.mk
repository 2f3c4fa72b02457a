# SPDX-License-Identifier: GPL-2.0-only
#
# The shell has several sources; the rest of the folder is a program a file.

shell_src := $(wildcard $(src)/examples/shell/parts/*.c)
examples: $(out)/examples/shell/shell

$(out)/examples/shell/shell: $(shell_src) $(src)/examples/shell/parts/shell.h \
		$(src)/examples/check.h $(src)/examples/shell/rules.mk
	@mkdir -p $(@D)
	$(call quiet,CC)$(CC) $(flags) $(LDFLAGS) -o $@ $(filter %.c,$^)
