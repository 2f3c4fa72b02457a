# SPDX-License-Identifier: GPL-2.0-only
#
# The name server, the services and the clients share what they tell each other.

names_src := $(src)/examples/names
names_parts := $(wildcard $(names_src)/parts/*.c)
names_headers := $(wildcard $(names_src)/parts/*.h) $(src)/examples/check.h
names_programs := $(patsubst $(src)/%.c,$(out)/%,$(wildcard $(names_src)/*.c))

$(names_programs): $(out)/%: $(src)/%.c $(names_parts) $(names_headers) $(out)/libmbox.a
	@mkdir -p $(@D)
	$(call quiet,CC)$(CC) $(flags) -MF /dev/null $(LDFLAGS) -o $@ $< $(names_parts) \
		$(out)/libmbox.a $(NL_LIBS)
