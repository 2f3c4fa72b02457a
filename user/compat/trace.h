/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What "mbox run --trace" says: each use that passes mbox by. */
#ifndef MBOX_COMPAT_TRACE_H
#define MBOX_COMPAT_TRACE_H

/**
 * trace() - say what is not served by mbox, as it happens
 * @format: of printf(3): the use and what becomes of it
 *
 * One line on standard error, with the process. Says nothing unless the
 * environment asks for it. errno stays.
 */
void trace(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif /* MBOX_COMPAT_TRACE_H */
