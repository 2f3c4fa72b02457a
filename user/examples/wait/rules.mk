# SPDX-License-Identifier: GPL-2.0-only
#
# Both programs wait with the same loop.

wait_src := $(src)/examples/wait
wait_parts := $(wildcard $(wait_src)/parts/*.c)
wait_headers := $(wildcard $(wait_src)/parts/*.h) $(src)/examples/check.h
wait_programs := $(patsubst $(src)/%.c,$(out)/%,$(wildcard $(wait_src)/*.c))

$(wait_programs): $(out)/%: $(src)/%.c $(wait_parts) $(wait_headers) $(out)/libmbox.a
	@mkdir -p $(@D)
	$(call quiet,CC)$(CC) $(flags) -MF /dev/null $(LDFLAGS) -o $@ $< $(wait_parts) \
		$(out)/libmbox.a $(NL_LIBS)
