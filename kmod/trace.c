// SPDX-License-Identifier: GPL-2.0
/* Tracepoints of the system "mbox". */
#define CREATE_TRACE_POINTS
#include "trace.h"
