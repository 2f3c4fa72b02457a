/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Model of call and reply: one mailbox, its callers and its receivers, in all
 * orders in which their steps can come. Documentation/design/call.rst tells
 * what is modelled, what is not, and how to run it by hand.
 *
 * kernel.pml has what kmod/ does with the mailbox lock held, programs.pml what
 * threads do between that. A configuration sets:
 *
 *   CALLERS	threads that call, each with a handle of its own
 *   RESUMERS	1: a second thread has the first caller's handle
 *   RECEIVERS	handles that receive, each with a thread
 *   SETTLERS	1: a second thread has the first receiver's handle
 *   ROOM	messages that the mailbox holds; 0: others have filled it
 *   BACKS	how often a request goes back, by RETURN or a failed copy-out
 *   ANONYMOUS	the mailbox is anonymous
 *   DROP_OLDEST	its policy
 *   REMOVED	it is removed at some time
 *   PURGED	it is purged at some time
 *   PATIENT	nobody gives up
 *   LIVENESS	check that the ends of calls are fetched, see below
 *   NO_...	leave a line of the kernel out, or change it: must be noticed
 */
#ifndef CALLERS
#define CALLERS		1
#endif
#ifndef RESUMERS
#define RESUMERS	0
#endif
#ifndef RECEIVERS
#define RECEIVERS	1
#endif
#ifndef SETTLERS
#define SETTLERS	0
#endif
#ifndef ROOM
#define ROOM		1
#endif
#ifndef BACKS
#define BACKS		1
#endif

/* Threads by number: callers, resumer, receivers, settler. */
#define FIRST_RECEIVER	(CALLERS + RESUMERS)
#define THREADS		(FIRST_RECEIVER + RECEIVERS + SETTLERS)

#include "kernel.pml"
#include "programs.pml"

/* ---- what must hold ------------------------------------------------------ */

#define given_back(c)	(call[c].refs == 0 && call[c].request.refs == 0)

/* Once nothing can happen any more. "timeout" is Promela's word for that. */
proctype at_the_end()
{
	byte c;

	timeout ->
	d_step {
		for (c : 0 .. CALLERS - 1) {
			/* No stuck caller. */
			assert(seen[c].over);
			/* No lost reply. */
			assert(!seen[c].replied || seen[c].fetched ||
			       seen[c].given_up);
			/* All memory is given back; once, says mbx_call_put(). */
			assert(given_back(c));
		}
		assert(sent == received + lost + withdrawn);
		assert(queue_msgs == 0 && len(senders) == 0);
	}
}

#ifdef LIVENESS
/*
 * A call that has ended, because it was settled, its receiver closed, or for
 * any other reason, is fetched unless its program lets it be. Every thread that
 * can go on does so at some time; signals and bad addresses come to an end.
 */
ltl fetched {
	[] (call[0].state == ENDED -> <> (seen[0].fetched || seen[0].given_up))
}
#endif

init
{
	byte i;

	atomic {
		for (i : 0 .. CALLERS - 1) {
			run caller(i, i, true);
		}
		if
		:: RESUMERS > 0 ->
			caller_threads[0]++;
			run caller(CALLERS, 0, false)
		:: else
		fi;
		for (i : 0 .. RECEIVERS - 1) {
			run receiver(FIRST_RECEIVER + i, i);
		}
		if
		:: SETTLERS > 0 ->
			receiver_threads[0]++;
			run receiver(THREADS - 1, 0)
		:: else
		fi;
		run manager();
		run at_the_end();
		i = 0
	}
}
