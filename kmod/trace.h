/* SPDX-License-Identifier: GPL-2.0 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM mbox

#if !defined(MBX_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define MBX_TRACE_H

#include <linux/sched.h>
#include <linux/tracepoint.h>

DECLARE_EVENT_CLASS(mbx_transfer,
	TP_PROTO(u64 mailbox, u64 type, u32 len, u64 seq),
	TP_ARGS(mailbox, type, len, seq),
	TP_STRUCT__entry(
		__field(u64, mailbox)
		__field(u64, type)
		__field(u64, seq)
		__field(u32, len)
	),
	TP_fast_assign(
		__entry->mailbox = mailbox;
		__entry->type = type;
		__entry->seq = seq;
		__entry->len = len;
	),
	TP_printk("mailbox=%llu type=%llu len=%u seq=%llu", __entry->mailbox,
		  __entry->type, __entry->len, __entry->seq)
);

DEFINE_EVENT(mbx_transfer, mbx_send,
	TP_PROTO(u64 mailbox, u64 type, u32 len, u64 seq),
	TP_ARGS(mailbox, type, len, seq)
);

DEFINE_EVENT(mbx_transfer, mbx_receive,
	TP_PROTO(u64 mailbox, u64 type, u32 len, u64 seq),
	TP_ARGS(mailbox, type, len, seq)
);

DEFINE_EVENT(mbx_transfer, mbx_call,
	TP_PROTO(u64 mailbox, u64 type, u32 len, u64 seq),
	TP_ARGS(mailbox, type, len, seq)
);

TRACE_EVENT(mbx_settle,
	TP_PROTO(u64 mailbox, u64 seq, int result),
	TP_ARGS(mailbox, seq, result),
	TP_STRUCT__entry(
		__field(u64, mailbox)
		__field(u64, seq)
		__field(int, result)
	),
	TP_fast_assign(
		__entry->mailbox = mailbox;
		__entry->seq = seq;
		__entry->result = result;
	),
	TP_printk("mailbox=%llu seq=%llu result=%d", __entry->mailbox,
		  __entry->seq, __entry->result)
);

TRACE_EVENT(mbx_wake,
	TP_PROTO(const struct task_struct *task, int result),
	TP_ARGS(task, result),
	TP_STRUCT__entry(
		__field(pid_t, pid)
		__field(int, result)
	),
	TP_fast_assign(
		__entry->pid = task->pid;
		__entry->result = result;
	),
	TP_printk("pid=%d result=%d", __entry->pid, __entry->result)
);

TRACE_EVENT(mbx_drop,
	TP_PROTO(u64 mailbox, u32 count),
	TP_ARGS(mailbox, count),
	TP_STRUCT__entry(
		__field(u64, mailbox)
		__field(u32, count)
	),
	TP_fast_assign(
		__entry->mailbox = mailbox;
		__entry->count = count;
	),
	TP_printk("mailbox=%llu count=%u", __entry->mailbox, __entry->count)
);

#endif /* MBX_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
