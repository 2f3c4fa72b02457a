# SPDX-License-Identifier: GPL-2.0-only
#
# The programs share the channel.

channel_src := $(src)/examples/channel
channel_parts := $(wildcard $(channel_src)/parts/*.c)
channel_headers := $(wildcard $(channel_src)/parts/*.h) $(src)/examples/check.h
channel_programs := $(patsubst $(src)/%.c,$(out)/%,$(wildcard $(channel_src)/*.c))

$(channel_programs): $(out)/%: $(src)/%.c $(channel_parts) $(channel_headers) $(out)/libmbox.a
	@mkdir -p $(@D)
	$(call quiet,CC)$(CC) $(flags) -MF /dev/null $(LDFLAGS) -o $@ $< $(channel_parts) \
		$(out)/libmbox.a $(NL_LIBS)
