/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What kmod/ does with the mailbox lock held, under the names that it has there.
 * Each locked() of programs.pml is one section under the lock; variables that
 * are hidden mean nothing outside of one. Messages and calls are dropped in the
 * section, not after it: no sooner could anybody miss them.
 */
#define NOBODY	255

/* enum mbx_call_state */
mtype = { OFFERED, QUEUED, TAKEN, ENDED };
/* What a wait and a command end with; IDLE: no wait. */
mtype = { IDLE, PENDING, OK, EOWNERDEAD, EIDRM, ENOBUFS, EPIPE, ETIMEDOUT,
	  ERESTARTSYS, EINPROGRESS, EAGAIN, EBUSY, ESRCH, EPERM, EALREADY,
	  ECANCELED };

typedef Message {
	byte refs;
	bool queued;
	byte seq
};

typedef Delivery {
	bool in_handle;			/* cookie in mbx_handle.deliveries */
	byte cookie;
	byte handle;
	bool settling;
	bool abandoned
};

typedef Call {
	byte refs;
	mtype state = OFFERED;
	mtype result;
	bool told;
	bool in_handle;			/* cookie in mbx_handle.calls */
	bool in_mailbox;		/* link in mbx_mailbox.calls */
	byte line = NOBODY;		/* the waiter */
	bool awaited;			/* a thread has it in hand */
	Message request;
	Delivery delivery;
	byte replier = NOBODY;
	byte reply = NOBODY		/* payload: who wrote it */
};

/* What nobody in the kernel knows: for the assertions. */
typedef Seen {
	byte accepted;
	bool replied;
	bool fetched;
	bool given_up;
	bool over;
	bool unsent;
	bool writing;
	bool reading
};

Call call[CALLERS];
Seen seen[CALLERS];

/* struct mbx_mailbox */
bool removed;
byte sent, received, lost, withdrawn;
byte queue_msgs;
byte receive_end = RECEIVERS;
chan senders = [CALLERS] of { byte };
chan receivers = [RECEIVERS + SETTLERS] of { byte };

/* struct mbx_handle of the callers */
byte notices[CALLERS];

/* struct mbx_handle of the receivers */
byte delivered[RECEIVERS];
byte finished[RECEIVERS];		/* seen: a bit for each cookie */

/* Of each thread: struct mbx_waiter, struct mbx_receive, and its reference. */
mtype result[THREADS] = IDLE;
byte got[THREADS] = NOBODY;
byte got_cookie[THREADS];
byte has_call[THREADS] = NOBODY;

#define handle_of(t)	((t) == THREADS - SETTLERS -> 0 : (t) - FIRST_RECEIVER)
#define is_alive(c)	(call[c].refs > 0)
#define is_broken()	(anonymous && receive_end == 0)

#ifdef ANONYMOUS
#define anonymous	true
#else
#define anonymous	false
#endif

/* ---- message.c, call.c: references --------------------------------------- */

inline mbx_call_get(c)
{
	assert(is_alive(c));
	call[c].refs++
}

inline mbx_call_put(c)
{
	assert(is_alive(c));
	call[c].refs--;
	assert(is_alive(c) || (!call[c].in_handle && !call[c].in_mailbox &&
			       call[c].line == NOBODY &&
			       !call[c].delivery.in_handle))
}

inline mbx_message_get(c)
{
	assert(call[c].request.refs > 0);
	call[c].request.refs++
}

inline mbx_message_put(c)
{
	assert(call[c].request.refs > 0);
	call[c].request.refs--;
	if
	:: call[c].request.refs == 0 ->
		assert(!call[c].request.queued);
		mbx_call_put(c)
	:: else
	fi
}

/* ---- waiter.c -------------------------------------------------------------- */

inline mbx_waiter_complete(t, res)
{
	assert(result[t] == PENDING);
	result[t] = res
}

/* ---- delivery.c: begin and end ------------------------------------------- */

inline mbx_delivery_begin_locked(c, h)
{
	/* No double delivery. */
	assert(!call[c].delivery.in_handle);
	delivered[h]++;
	call[c].delivery.handle = h;
	call[c].delivery.cookie = delivered[h];
	call[c].delivery.settling = false;
	call[c].delivery.abandoned = false;
	call[c].delivery.in_handle = true;
	mbx_message_get(c)
}

#define cookie_bit(k)	(1 << (k))

/* The message's reference is the caller's, as is that of finish_locked(). */
inline delivery_finish_locked(c)
{
	assert(call[c].delivery.in_handle);
	assert(!(finished[call[c].delivery.handle] &
		 cookie_bit(call[c].delivery.cookie)));
	finished[call[c].delivery.handle] =
		finished[call[c].delivery.handle] |
		cookie_bit(call[c].delivery.cookie);
	call[c].delivery.in_handle = false;
	call[c].delivery.cookie = 0;
	call[c].delivery.handle = 0;
	call[c].delivery.settling = false;
	call[c].delivery.abandoned = false
}

inline mbx_delivery_abandon_locked(c)
{
	assert(call[c].delivery.in_handle && !call[c].delivery.abandoned);
#ifndef NO_ABANDON
	call[c].delivery.abandoned = true
#endif
}

/* ---- call.c: the course of a call ---------------------------------------- */

inline mbx_call_accepted_locked(c)
{
	assert(call[c].state == OFFERED);
	call[c].state = QUEUED;
	mbx_call_get(c);
	call[c].in_handle = true;
	call[c].in_mailbox = true
}

inline mbx_call_taken_locked(c, h)
{
	assert(call[c].state == QUEUED);
	call[c].state = TAKEN;
	mbx_delivery_begin_locked(c, h)
}

inline mbx_call_returned_locked(c)
{
	assert(call[c].state == TAKEN);
	call[c].state = QUEUED
}

/* POLLPRI, as long as notices is not 0. */
inline tell_locked(c)
{
	if
#ifndef NO_TOLD
	:: call[c].told -> skip
#endif
	:: else -> call[c].told = true; notices[c]++
	fi
}

inline mbx_call_end_locked(c, res)
{
	assert(is_alive(c));
	assert(call[c].state == QUEUED || call[c].state == TAKEN);
	call[c].state = ENDED;
	call[c].result = res;
	call[c].in_mailbox = false;
	if
	:: call[c].awaited && call[c].line != NOBODY ->
#ifndef NO_WAKE
		mbx_waiter_complete(call[c].line, OK);
		call[c].line = NOBODY
#endif
	:: call[c].awaited && call[c].line == NOBODY
	:: !call[c].awaited ->
#ifndef NO_NOTICE
		tell_locked(c)
#endif
	fi
}

inline mbx_call_reply_locked(c, t)
{
	/* One reply at most, and not to a caller that has gone. */
	assert(!seen[c].replied && !seen[c].given_up);
	seen[c].replied = true;
	call[c].replier = t;
	mbx_call_end_locked(c, OK)
}

inline withdraw_locked(c)
{
	call[c].request.queued = false;
	queue_msgs--;
	mbx_message_put(c);
	withdrawn++
}

inline forget_locked(c)
{
	assert(call[c].in_handle);
#ifndef NO_FORGET
	call[c].in_handle = false;
#endif
	if
	:: call[c].told -> call[c].told = false; notices[c]--
	:: else
	fi
}

inline give_up_locked(c)
{
	assert(is_alive(c));
	seen[c].given_up = !seen[c].fetched;
	if
	:: call[c].state == QUEUED ->
#ifndef NO_WITHDRAWAL
		withdraw_locked(c)
#endif
	:: call[c].state == TAKEN -> mbx_delivery_abandon_locked(c)
	:: else
	fi;
	call[c].state = ENDED;
	call[c].in_mailbox = false;
	forget_locked(c)
}

/* ---- send.c -------------------------------------------------------------- */

inline mbx_send_accept_locked(c)
{
	/* No request is sent twice. */
	assert(seen[c].accepted == 0);
	seen[c].accepted++;
	sent++;
	call[c].request.seq = sent;
	mbx_call_accepted_locked(c)
}

inline mbx_receive_deliver_locked(t, c)
{
	received++;
	got[t] = c;
	mbx_call_taken_locked(c, handle_of(t));
	got_cookie[t] = call[c].delivery.cookie
}

hidden byte taker;

inline circulate_locked(c)
{
	if
	:: len(receivers) > 0 ->
		receivers?taker;
		mbx_receive_deliver_locked(taker, c);
		mbx_waiter_complete(taker, OK)
	:: else ->
		call[c].request.queued = true;
		queue_msgs++
	fi
}

hidden byte oldest;
hidden byte q;

/* The queued request with the least number, or NOBODY. */
inline mbx_queue_oldest()
{
	oldest = NOBODY;
	for (q : 0 .. CALLERS - 1) {
		if
		:: call[q].request.queued &&
		   (oldest == NOBODY ||
		    call[q].request.seq < call[oldest].request.seq) ->
			oldest = q
		:: else
		fi
	}
}

inline drop_oldest_locked()
{
	mbx_queue_oldest();
	call[oldest].request.queued = false;
	queue_msgs--;
	mbx_call_end_locked(oldest, ENOBUFS);
	mbx_message_put(oldest);
	lost++
}

hidden mtype in_turn;

inline send_in_turn_locked(c)
{
	in_turn = OK;
	do
	:: len(receivers) == 0 && queue_msgs >= ROOM ->
#ifdef DROP_OLDEST
		drop_oldest_locked()
#else
		in_turn = EAGAIN;
		break
#endif
	:: else ->
		mbx_send_accept_locked(c);
		circulate_locked(c);
		break
	od
}

/* Blocked sends are known by their call; caller c is thread c. */
inline try_send_locked(c)
{
	if
	:: removed -> ret = EIDRM
	:: !removed && is_broken() -> ret = EPIPE
	:: !removed && !is_broken() ->
		if
		:: len(receivers) == 0 && len(senders) > 0 -> ret = EAGAIN
		:: else -> send_in_turn_locked(c); ret = in_turn
		fi
	fi
}

hidden byte first;

inline mbx_send_admit_locked()
{
	do
	:: len(senders) > 0 ->
		senders?<first>;
		send_in_turn_locked(first);
		if
		:: in_turn == EAGAIN -> break
		:: else -> senders?first; mbx_waiter_complete(first, OK)
		fi
	:: else -> break
	od
}

/* ---- receive.c ----------------------------------------------------------- */

inline try_receive_locked(t)
{
	mbx_queue_oldest();
	if
	:: removed -> ret = EIDRM
	:: !removed && oldest != NOBODY ->
		call[oldest].request.queued = false;
		queue_msgs--;
		mbx_receive_deliver_locked(t, oldest);
		mbx_send_admit_locked();
		ret = OK
	:: !removed && oldest == NOBODY && len(senders) > 0 ->
		senders?oldest;
		mbx_send_accept_locked(oldest);
		mbx_waiter_complete(oldest, OK);
		mbx_receive_deliver_locked(t, oldest);
		mbx_send_admit_locked();
		ret = OK
	:: else -> ret = EAGAIN
	fi
}

/* ---- delivery.c: outcomes ------------------------------------------------ */

inline return_locked(c)
{
	received--;
	if
#ifndef NO_LATE_WITHDRAWAL
	:: call[c].delivery.abandoned ->
		withdrawn++;
		delivery_finish_locked(c);
		mbx_message_put(c)
#endif
	:: else ->
		delivery_finish_locked(c);
		mbx_call_returned_locked(c);
		circulate_locked(c)
	fi
}

hidden byte found;

/* Which call has delivery k of handle h? */
inline mbx_cookie_find(h, k)
{
	found = NOBODY;
	for (q : 0 .. CALLERS - 1) {
		if
		:: call[q].delivery.in_handle && call[q].delivery.cookie == k &&
		   call[q].delivery.handle == h ->
			found = q
		:: else
		fi
	}
}

/* A cookie is a handle and a number. */
inline find_locked(who, owner, k)
{
	mbx_cookie_find(owner, k);
	if
	:: removed -> ret = EIDRM
	:: !removed && owner != who ->
#ifndef NO_OWNER
		ret = EPERM
#else
		ret = (found == NOBODY -> EPERM : OK)
#endif
	:: !removed && owner == who && found == NOBODY -> ret = EALREADY
	:: !removed && owner == who && found != NOBODY ->
		ret = (call[found].delivery.settling -> EBUSY : OK)
	fi;
	/* Once finished is finished, for this handle, and for no other. */
	assert(removed || (ret == EPERM) == (owner != who));
	assert(removed || owner != who || (ret == EALREADY) ==
	       ((finished[who] & cookie_bit(k)) != 0))
}

inline claim(h, k)
{
	find_locked(h, h, k);
	if
	:: ret == OK ->
#ifndef NO_CLAIM
		call[found].delivery.settling = true
#endif
	:: else
	fi
}

inline reply_locked(c, t)
{
	if
	:: call[c].delivery.abandoned -> ret = ECANCELED
	:: else -> mbx_call_reply_locked(c, t); ret = OK
	fi;
	delivery_finish_locked(c);
	mbx_message_put(c)
}

inline settle_claimed(c, t, fault)
{
	call[c].delivery.settling = false;
	if
	:: removed -> ret = EIDRM
	:: !removed && fault -> ret = EAGAIN
	:: !removed && !fault -> reply_locked(c, t)
	fi
}

inline mbx_delivery_return(h, k)
{
	find_locked(h, h, k);
	if
	:: ret == OK -> return_locked(found)
	:: else
	fi
}

inline mbx_delivery_undo_locked(h, k)
{
	mbx_cookie_find(h, k);
	if
#ifndef NO_LOOK_AT_CLAIM
	:: !removed && found != NOBODY && !call[found].delivery.settling ->
#else
	:: !removed && found != NOBODY ->
#endif
		return_locked(found)
	:: else
	fi
}

hidden byte n;

inline mbx_delivery_close_all_locked(h)
{
	for (n : 0 .. CALLERS - 1) {
		if
		:: call[n].delivery.in_handle && call[n].delivery.handle == h ->
			delivery_finish_locked(n);
			if
			:: call[n].state == TAKEN ->
				mbx_call_end_locked(n, EOWNERDEAD)
			:: else
			fi;
			mbx_message_put(n)
		:: else
		fi
	}
}

/* ---- call.c: many at a time, and the caller ------------------------------ */

inline mbx_call_end_queued_locked(res)
{
	for (n : 0 .. CALLERS - 1) {
		if
		:: call[n].state == QUEUED -> mbx_call_end_locked(n, res)
		:: else
		fi
	}
}

inline mbx_call_withdraw_all_locked()
{
	for (n : 0 .. CALLERS - 1) {
		if
		:: call[n].state == QUEUED ->
			mbx_call_end_locked(n, EPIPE);
			withdraw_locked(n)
		:: else
		fi
	}
}

inline mbx_call_end_all_locked()
{
	for (n : 0 .. CALLERS - 1) {
		if
#ifndef NO_END_OF_TAKEN
		:: call[n].in_mailbox ->
#else
		:: call[n].state == QUEUED ->
#endif
			mbx_call_end_locked(n, EIDRM)
		:: else
		fi
	}
}

inline mbx_call_give_up_all_locked(c)
{
	if
	:: call[c].in_handle ->
		give_up_locked(c);
		mbx_call_put(c);
		if
		:: !removed -> mbx_send_admit_locked()
		:: else
		fi
	:: else
	fi
}

/* ret: PENDING if the thread has to sleep, and then to call await_end_locked(). */
inline await_locked(c, t, nowait)
{
	if
	:: call[c].state == ENDED -> ret = call[c].result
	:: call[c].state != ENDED && nowait -> ret = EINPROGRESS
	:: call[c].state != ENDED && !nowait ->
		assert(call[c].line == NOBODY);
		call[c].line = t;
		result[t] = PENDING;
		ret = PENDING
	fi
}

#ifndef NO_PRECEDENCE
#define has_precedence(t, why)	(result[t] != PENDING)
#else
#define has_precedence(t, why)	(result[t] != PENDING && why == OK)
#endif

/* The end of mbx_waiter_block(): a result has precedence over why it woke. */
inline await_end_locked(c, t, why)
{
	if
	:: has_precedence(t, why) -> ret = call[c].result
	:: else -> call[c].line = NOBODY; ret = why
	fi;
	result[t] = IDLE;
	if
	:: ret == ETIMEDOUT ->
		give_up_locked(c);
		mbx_call_put(c);
		mbx_send_admit_locked()
	:: else
	fi
}

inline claim_locked(c)
{
	if
	:: !call[c].in_handle -> ret = ESRCH
#ifndef NO_AWAITED
	:: call[c].in_handle && call[c].awaited -> ret = EBUSY
#else
	:: call[c].in_handle && call[c].line != NOBODY -> ret = EBUSY
#endif
	:: else ->
		mbx_call_get(c);
		call[c].awaited = true;
		ret = OK
	fi
}

inline mbx_call_release(c)
{
	call[c].awaited = false;
	if
	:: call[c].state == ENDED ->
#ifndef NO_LATE_NOTICE
		tell_locked(c)
#endif
	:: else
	fi
}

inline mbx_call_finish(c)
{
	mbx_call_give_up_all_locked(c)
}

/* ---- mailbox.c ----------------------------------------------------------- */

hidden byte w;

inline waiter_complete_senders(res)
{
	do
	:: len(senders) > 0 -> senders?w; mbx_waiter_complete(w, res)
	:: else -> break
	od
}

inline waiter_complete_receivers(res)
{
	do
	:: len(receivers) > 0 -> receivers?w; mbx_waiter_complete(w, res)
	:: else -> break
	od
}

inline queue_free()
{
	lost = lost + queue_msgs;
	queue_msgs = 0;
	for (n : 0 .. CALLERS - 1) {
		if
		:: call[n].request.queued ->
			call[n].request.queued = false;
			mbx_message_put(n)
		:: else
		fi
	}
}

inline mbx_mailbox_end()
{
	removed = true;
	mbx_call_end_all_locked();
	queue_free();
	waiter_complete_receivers(EIDRM);
	waiter_complete_senders(EIDRM)
}

inline mbx_mailbox_purge()
{
	mbx_call_end_queued_locked(ENOBUFS);
	queue_free();
	mbx_send_admit_locked()
}

inline detach_receiver_locked(h)
{
#ifndef NO_CLOSE
	mbx_delivery_close_all_locked(h);
#endif
	receive_end--;
	if
	:: is_broken() ->
		waiter_complete_senders(EPIPE);
		mbx_call_withdraw_all_locked()
	:: else
	fi
}

/* ---- what holds whenever the lock is free -------------------------------- */

hidden byte v, u, refs;

#define is_live(c)	(call[c].state == QUEUED || call[c].state == TAKEN)

inline check_call(c)
{
	/* Who has the call: its request, its handle, and threads. */
	refs = (call[c].request.refs > 0 -> 1 : 0) +
	       (call[c].in_handle -> 1 : 0);
	for (u : 0 .. THREADS - 1) {
		refs = refs + (has_call[u] == c -> 1 : 0)
	}
	assert(call[c].refs == refs);

	/* Who has the request: the queue or the delivery, and copies out. */
	refs = (call[c].state == OFFERED && has_call[c] == c -> 1 : 0) +
	       (call[c].request.queued -> 1 : 0) +
	       (call[c].delivery.in_handle -> 1 : 0);
	for (u : 0 .. THREADS - 1) {
		refs = refs + (got[u] == c -> 1 : 0)
	}
	assert(call[c].request.refs == refs);

	assert(call[c].in_mailbox == is_live(c));
	assert(call[c].request.queued == (call[c].state == QUEUED));
	/* A taken request has a delivery; it may outlive the call. */
	assert((call[c].delivery.in_handle && !call[c].delivery.abandoned) ==
	       (call[c].state == TAKEN) ||
	       (removed && call[c].state == ENDED));
	assert(!call[c].delivery.abandoned || seen[c].given_up);
	/* No waiter that nobody will wake, and none after the removal. */
	assert(call[c].line == NOBODY || (is_live(c) && call[c].in_handle &&
					  call[c].awaited));
	assert(!removed || !is_live(c));
	/* Who could fetch it is told of it; who has fetched it, no more. */
	assert(call[c].told || !(call[c].in_handle && call[c].state == ENDED &&
				 !call[c].awaited));
	assert(!call[c].told || (call[c].in_handle && call[c].state == ENDED));
	assert(notices[c] == (call[c].told -> 1 : 0))
}

inline check_all()
{
	for (v : 0 .. CALLERS - 1) {
		check_call(v)
	}
	/* Every request is accounted for. */
	assert(sent == received + lost + withdrawn + queue_msgs);
	/* The two conditions of Documentation/design/locking.rst. */
	assert(len(receivers) == 0 || (queue_msgs == 0 && len(senders) == 0));
	assert(len(senders) == 0 || queue_msgs >= ROOM)
}
