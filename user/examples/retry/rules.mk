# SPDX-License-Identifier: GPL-2.0-only
#
# The server of retry is a part of its own.

retry_src := $(src)/examples/retry
retry_parts := $(wildcard $(retry_src)/parts/*.c)
retry_headers := $(wildcard $(retry_src)/parts/*.h) $(src)/examples/check.h
retry_programs := $(patsubst $(src)/%.c,$(out)/%,$(wildcard $(retry_src)/*.c))

$(retry_programs): $(out)/%: $(src)/%.c $(retry_parts) $(retry_headers) $(out)/libmbox.a
	@mkdir -p $(@D)
	$(call quiet,CC)$(CC) $(flags) -MF /dev/null $(LDFLAGS) -o $@ $< $(retry_parts) \
		$(out)/libmbox.a $(NL_LIBS)
