# SPDX-License-Identifier: GPL-2.0-only
#
# libmbox-compat.so: SysV and POSIX queues over /dev/mbox, for programs that are there
# already. Included by user/Makefile. libmbox is a part of it, and not seen from
# without: a program may have its own.

compat_src := $(wildcard $(src)/compat/*.c)
compat_so := $(out)/libmbox-compat.so

.PHONY: compat install_compat clean_compat
compat: $(compat_so)
all: compat
install: install_compat
clean: clean_compat

$(out)/compat/%.o: $(src)/compat/%.c
	@mkdir -p $(@D)
	$(call quiet,CC)$(CC) $(flags) -fPIC -fvisibility=hidden -c -o $@ $<

$(compat_so): $(call objects,$(out),$(compat_src)) $(out)/libmbox.a $(src)/compat/compat.map
	$(call quiet,LD)$(CC) -shared $(CFLAGS) $(LDFLAGS) -Wl,-soname,$(@F) \
		-Wl,-z,defs -Wl,--exclude-libs,ALL \
		-Wl,--version-script,$(src)/compat/compat.map \
		-o $@ $(filter %.o %.a,$^) $(NL_LIBS) -ldl

# What the command has to know of it.
tool_compat := compat/program.o compat/sysv_name.o
$(out)/mbox: $(addprefix $(out)/,$(tool_compat))
$(san)/tools.a: $(addprefix $(san)/,$(tool_compat))
$(foreach verb,ls run,$(out)/tools/cmd_$(verb).o $(san)/tools/cmd_$(verb).o): CPPFLAGS += -I$(src)/compat

$(san)/compat/%.o: $(src)/compat/%.c
	@mkdir -p $(@D)
	$(call quiet,CC)$(CC) $(flags) $(sanflags) -c -o $@ $<

# Where "mbox run" finds it once it is installed.
$(out)/tools/cmd_run.o: CPPFLAGS += -DMBOX_LIBDIR='"$(LIBDIR)"'
$(san)/tools/cmd_run.o: CPPFLAGS += -DMBOX_LIBDIR='"$(LIBDIR)"'

install_compat: $(compat_so)
	$(INSTALL) -d '$(DESTDIR)$(LIBDIR)'
	$(INSTALL) -m 755 $(compat_so) '$(DESTDIR)$(LIBDIR)'

clean_compat:
	rm -rf $(addprefix $(out)/,compat libmbox-compat.so)
