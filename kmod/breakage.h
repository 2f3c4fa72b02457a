/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Deliberate defects, one of which a build with BREAK=<defect> compiles in:
 * the test of the tests is that each turns them red.
 */
#ifndef MBX_BREAKAGE_H
#define MBX_BREAKAGE_H

#include <linux/kconfig.h>

/* Constant false unless the module was built with BREAK=@defect. */
#define mbx_broken(defect)	IS_ENABLED(MBX_BREAK_##defect)

#endif /* MBX_BREAKAGE_H */
