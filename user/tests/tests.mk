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
