// SPDX-License-Identifier: GPL-2.0-only
#include "field.h"
#include "result.h"

#define MEMBER(type, kind, name, member) \
	{ name, kind, offsetof(type, member), sizeof(((type *)0)->member) }
#define ROW(kind, member)	MEMBER(struct row, kind, #member, member)
#define SPREAD(member) \
	MEMBER(struct row, FIELD_REAL, #member "_median", member.median), \
	MEMBER(struct row, FIELD_REAL, #member "_min", member.min), \
	MEMBER(struct row, FIELD_REAL, #member "_max", member.max)
#define INFO(kind, member)	MEMBER(struct mechanism_info, kind, #member, member)

const struct field row_fields[] = {
	ROW(FIELD_TEXT, mechanism),
	ROW(FIELD_TEXT, workload),
	ROW(FIELD_SIZE, size),
	ROW(FIELD_UINT, depth),
	ROW(FIELD_UINT, senders),
	ROW(FIELD_UINT, receivers),
	ROW(FIELD_UINT, lanes),
	ROW(FIELD_PLACE, place),
	ROW(FIELD_STATE, state),
	ROW(FIELD_TEXT, why),
	ROW(FIELD_BOOL, busy),
	ROW(FIELD_BOOL, sorted_by_reader),
	ROW(FIELD_UINT, rounds),
	ROW(FIELD_U64, messages),
	SPREAD(ns),
	SPREAD(cpu_ns),
	SPREAD(switches),
	ROW(FIELD_REAL, syscalls),
	MEMBER(struct row, FIELD_U64, "trips", trips.count),
	MEMBER(struct row, FIELD_REAL, "trip_p50", trips.p50),
	MEMBER(struct row, FIELD_REAL, "trip_p99", trips.p99),
	MEMBER(struct row, FIELD_REAL, "trip_p99.9", trips.p999),
	MEMBER(struct row, FIELD_REAL, "trip_max", trips.max),
	ROW(FIELD_U64, ahead),
	ROW(FIELD_REAL, stall_ns),
	ROW(FIELD_U64, lost),
	ROW(FIELD_U64, reordered),
	ROW(FIELD_U64, corrupt),
	ROW(FIELD_U64, duplicated),
	{ 0 },
};

const struct field machine_fields[] = {
	MEMBER(struct machine, FIELD_TEXT, "kernel", kernel),
	MEMBER(struct machine, FIELD_TEXT, "cpu", cpu),
	MEMBER(struct machine, FIELD_UINT, "cpus", cpus),
	MEMBER(struct machine, FIELD_TEXT, "virtual", virtual),
	MEMBER(struct machine, FIELD_TEXT, "unit", unit),
	{ 0 },
};

const struct field mechanism_fields[] = {
	INFO(FIELD_TEXT, name),
	INFO(FIELD_TEXT, title),
	INFO(FIELD_TEXT, group),
	INFO(FIELD_TEXT, note),
	INFO(FIELD_TEXT, absent),
	INFO(FIELD_BOOL, busy),
	INFO(FIELD_BOOL, server),
	INFO(FIELD_BOOL, rendezvous),
	{ 0 },
};

const struct field run_fields[] = {
	MEMBER(struct results, FIELD_TEXT, "date", date),
	MEMBER(struct results, FIELD_TEXT, "command", command),
	MEMBER(struct results, FIELD_UINT, "orders", orders),
	{ 0 },
};
