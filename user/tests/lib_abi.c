// SPDX-License-Identifier: GPL-2.0-only
/* Compiled by lib_header_test.sh for 32 and 64 bits: the layout is the same. */
#include <assert.h>
#include <stddef.h>
#include <mbox.h>

#define SIZE(type, size) \
	static_assert(sizeof(type) == (size) && sizeof(type) % 8 == 0, #type)
#define AT(type, member, offset) \
	static_assert(offsetof(type, member) == (offset), #type "." #member)
#define COMMAND(ioc, number, type) \
	static_assert(((ioc) & 0x3fffffff) == \
		      (sizeof(type) << 16 | 0xbb00 | (number)), #ioc)

SIZE(struct mbox_filter, 24);
SIZE(struct mbox_limits, 24);
SIZE(struct mbox_open, 64);
SIZE(struct mbox_config, 64);
SIZE(struct mbox_info, 264);
SIZE(struct mbox_grant, 8);
SIZE(struct mbox_header, 96);
SIZE(struct mbox_message, 120);
SIZE(struct mbox_send, 32);
SIZE(struct mbox_recv, 72);
SIZE(struct mbox_call, 168);
SIZE(struct mbox_settle, 48);
SIZE(struct mbox_map, 40);

AT(struct mbox_limits, max_bytes, 8);
AT(struct mbox_open, name, 16);
AT(struct mbox_open, limits, 32);
AT(struct mbox_config, filter, 16);
AT(struct mbox_config, busy_poll, 40);
AT(struct mbox_info, id, 24);
AT(struct mbox_info, limits, 56);
AT(struct mbox_info, bytes, 88);
AT(struct mbox_info, next_size, 144);
AT(struct mbox_info, withdrawn, 160);
AT(struct mbox_info, calls, 168);
AT(struct mbox_info, owed, 172);
AT(struct mbox_info, last_sent, 200);
AT(struct mbox_info, last_sender, 224);
AT(struct mbox_info, reserved, 240);
AT(struct mbox_header, lost, 56);
AT(struct mbox_header, cookie, 48);
AT(struct mbox_header, flags, 76);
AT(struct mbox_header, deadline, 80);
AT(struct mbox_header, room, 88);
AT(struct mbox_header, deliveries, 92);
AT(struct mbox_message, buf, 96);
AT(struct mbox_message, offset, 112);
AT(struct mbox_send, deadline, 16);
AT(struct mbox_recv, filter, 24);
AT(struct mbox_recv, blocks, 56);
AT(struct mbox_recv, skip, 68);
AT(struct mbox_call, cookie, 8);
AT(struct mbox_call, buf, 32);
AT(struct mbox_call, room, 56);
AT(struct mbox_call, deadline, 64);
AT(struct mbox_call, header, 72);
AT(struct mbox_settle, cookie, 8);
AT(struct mbox_settle, next, 40);
AT(struct mbox_map, deadline, 16);
AT(struct mbox_map, seen, 24);
AT(struct mbox_map, reserved, 32);

COMMAND(MBOX_IOC_OPEN, 0, struct mbox_open);
COMMAND(MBOX_IOC_CONFIG, 1, struct mbox_config);
COMMAND(MBOX_IOC_INFO, 2, struct mbox_info);
COMMAND(MBOX_IOC_GRANT, 3, struct mbox_grant);
COMMAND(MBOX_IOC_SEND, 4, struct mbox_send);
COMMAND(MBOX_IOC_RECV, 5, struct mbox_recv);
COMMAND(MBOX_IOC_CALL, 6, struct mbox_call);
COMMAND(MBOX_IOC_SETTLE, 7, struct mbox_settle);
COMMAND(MBOX_IOC_MAP, 8, struct mbox_map);

static_assert(MBOX_FOREVER < 0, "MBOX_FOREVER is no duration");
static_assert(sizeof(MBOX_TYPE_MAX) == 8, "types have 64 bits");
