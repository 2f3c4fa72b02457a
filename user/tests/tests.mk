# SPDX-License-Identifier: GPL-2.0-only
#
# What single tests need. wrap_X_test: functions that X_test.c replaces.

wrap_lib_handle_test := open ioctl close
wrap_lib_message_test := ioctl
wrap_lib_call_test := ioctl
wrap_lib_events_test := recvmsg mbx_ctl_event_seq

spec_sources := $(uapi)/linux/mbox.h $(uapi)/linux/mbox_netlink.h \
	$(top)/kmod/netlink.c

$(out)/tests/names.inc: $(src)/tests/names.awk $(spec_sources)
	@mkdir -p $(@D)
	$(call quiet,GEN)awk -f $< $(spec_sources) > $@

$(san)/tests/spec_test.o: $(out)/tests/names.inc
$(san)/tests/spec_test.o: CPPFLAGS += -DSPEC='"$(spec)"'

# The ring once more with the thread sanitizer, whose addresses the other two
# sanitizers cannot share. It knows no fences (-Wno-tsan): here they order a flag
# and an index, both atomic, and carry no data.
wrap_lib_ring_test := ioctl mmap munmap close
wrap_lib_pool_test := ioctl mmap munmap
wrap_lib_ring_tsan_test := $(wrap_lib_ring_test)
tsan := $(out)/tsan
tsan_flags := -O1 -g -fsanitize=thread -Wno-tsan
tsan_obj := $(addprefix $(tsan)/,libmbox/ring.o libmbox/ring_map.o \
	libmbox/wait.o libmbox/handle.o libmbox/info.o tests/lib_ring_test.o)
tests += $(tsan)/lib_ring_tsan_test
tests: $(tsan)/lib_ring_tsan_test

$(tsan)/%.o: $(src)/%.c
	@mkdir -p $(@D)
	$(call quiet,CC)$(CC) $(flags) $(NL_CFLAGS) $(tsan_flags) -c -o $@ $<

$(tsan)/lib_ring_tsan_test: $(tsan_obj)
	$(call quiet,LD)$(CC) $(tsan_flags) -pthread -o $@ $^ \
		$(patsubst %,-Wl$(comma)--wrap=%,$(wrap_$(@F)))

-include $(wildcard $(tsan)/*/*.d)
