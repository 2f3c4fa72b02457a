/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What the program does behind the library's back. */
#ifndef MBOX_COMPAT_FORGET_H
#define MBOX_COMPAT_FORGET_H

/*
 * The program is about to close these descriptors, or to put other files there: what
 * the library has among them is lost.
 */
void forget_descriptors(unsigned int first, unsigned int last);

/* The process has other ids: what it has opened it may not be allowed to have. */
void forget_all(void);

#endif /* MBOX_COMPAT_FORGET_H */
