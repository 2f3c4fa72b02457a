/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names for the members of the result's structures, so that whatever writes or
 * reads them all goes through one list.
 */
#ifndef IPCBENCH_FIELD_H
#define IPCBENCH_FIELD_H

#include <stddef.h>

enum field_kind {
	FIELD_TEXT,	/* char[room] */
	FIELD_SIZE,	/* size_t */
	FIELD_UINT,	/* unsigned int */
	FIELD_U64,	/* uint64_t */
	FIELD_BOOL,	/* bool */
	FIELD_REAL,	/* double; NAN if it is not known */
	FIELD_PLACE,	/* enum placement */
	FIELD_STATE,	/* enum row_state */
};

/**
 * struct field - one member
 * @name: in files; NULL ends a list
 * @kind: how it is kept
 * @offset: where
 * @room: FIELD_TEXT: bytes
 */
struct field {
	const char *name;
	enum field_kind kind;
	size_t offset;
	size_t room;
};

extern const struct field row_fields[];
extern const struct field machine_fields[];
extern const struct field mechanism_fields[];
extern const struct field run_fields[];

#endif /* IPCBENCH_FIELD_H */
