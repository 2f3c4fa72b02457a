/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef LAB_ARRAY_H
#define LAB_ARRAY_H

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

#endif /* LAB_ARRAY_H */
