/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The threads of callers and receivers, in the kernel and out of it. What stands
 * between two d_steps is done without the mailbox lock: the sleep, the copies to
 * and from user memory, and whatever a program does. Signals, deadlines and bad
 * addresses come whenever they can.
 */
#define locked(section)	d_step { section; check_all() }

/*
 * Who is patient never stops but with the end of the call, and tries only what
 * can succeed: so that who is stuck is seen to do nothing any more.
 */
#ifdef PATIENT
#define is_patient	true
#else
#define is_patient	false
#endif
#define may_try(c)	(!is_patient || (call[c].in_handle && !call[c].awaited))

/* Likewise, and without an end to misfortune nothing need ever be fetched. */
#if defined(PATIENT) || defined(LIVENESS)
byte misfortunes = 2;
#define mishap()	misfortunes > 0 -> misfortunes--
#else
#define mishap()	true
#endif

byte caller_threads[CALLERS] = 1;
byte receiver_threads[RECEIVERS] = 1;
byte backs = BACKS;

/* ---- the caller ---------------------------------------------------------- */

inline drop_unsent(c, t)
{
	seen[c].unsent = true;
	mbx_message_put(c);
	has_call[t] = NOBODY;
	mbx_call_put(c)
}

inline call_new_and_send(c, t)
{
	call[c].refs = 2;
	call[c].awaited = true;
	call[c].request.refs = 1;
	has_call[t] = c;
	try_send_locked(c);
	if
	:: ret == EAGAIN ->
		senders!c;
		result[t] = PENDING;
		ret = PENDING
	:: ret == EIDRM || ret == EPIPE -> drop_unsent(c, t)
	:: else
	fi
}

inline call_send_end(c, t, why)
{
	if
	:: has_precedence(t, why) -> ret = result[t]
	:: else -> senders??eval(c); ret = why
	fi;
	result[t] = IDLE;
	if
	:: ret != OK ->
		if
		:: !removed -> mbx_send_admit_locked()
		:: else
		fi;
		drop_unsent(c, t)
	:: else
	fi
}

/* The program has what it gets of the call: once, and nothing else. */
inline has_result(c)
{
	assert(!seen[c].fetched && !seen[c].given_up);
	seen[c].fetched = true
}

inline mbx_call_claim(c, t)
{
	claim_locked(c);
	if
	:: ret == OK -> has_call[t] = c
	:: else
	fi
}

inline thread_put(c, t)
{
	has_call[t] = NOBODY;
	mbx_call_put(c)
}

/* The last thread of a handle closes it. The handle of call c is handle c. */
inline caller_close(c)
{
	caller_threads[c]--;
	if
	:: caller_threads[c] == 0 ->
		mbx_call_give_up_all_locked(c);
		seen[c].over = true
	:: else
	fi
}

inline copy_out_begin(c)
{
	assert(!seen[c].writing && !seen[c].reading);
	seen[c].reading = true
}

inline copy_out_end(c)
{
	/* What is read is what the settle that succeeded wrote. */
	assert(seen[c].replied && call[c].reply == call[c].replier);
	seen[c].reading = false
}

/* How thread t of the handle of call c calls, or only resumes that call. */
proctype caller(byte t; byte c; bool calls)
{
	mtype ret;

	if
	:: calls -> goto send
	:: else -> goto program
	fi;

send:
	atomic {
		skip;
		locked(call_new_and_send(c, t));
		if
		:: ret == OK -> ret = IDLE; goto await
		:: ret == PENDING -> ret = IDLE; goto offered
		:: else -> ret = IDLE; goto close
		fi
	};
offered:
	atomic {
		if
		:: result[t] != PENDING -> locked(call_send_end(c, t, OK))
		:: !is_patient -> locked(call_send_end(c, t, ERESTARTSYS))
		fi;
		if
		:: ret == OK -> ret = IDLE; goto await
		:: else -> ret = IDLE; goto close
		fi
	};
await:
	atomic {
		if
		:: locked(await_locked(c, t, false))
		:: mishap() -> locked(await_locked(c, t, true))
		fi;
		if
		:: ret == PENDING -> ret = IDLE
		:: else -> goto awaited
		fi
	};
	/* It sleeps. */
	atomic {
		if
		:: result[t] != PENDING -> locked(await_end_locked(c, t, OK))
		:: mishap() -> locked(await_end_locked(c, t, ERESTARTSYS))
		:: !is_patient -> locked(await_end_locked(c, t, ETIMEDOUT))
		fi;
awaited:
		if
		:: ret == OK -> ret = IDLE; copy_out_begin(c); goto copy_out
		:: ret == ERESTARTSYS || ret == EINPROGRESS ->
			ret = IDLE;
			goto leave_cookie
		:: ret == ETIMEDOUT -> ret = IDLE; goto finish
		:: else -> ret = IDLE; has_result(c); goto finish
		fi
	};
copy_out:
	atomic {
		copy_out_end(c);
		if
		:: has_result(c); goto finish
		:: mishap() -> goto leave_cookie
		fi
	};
finish:
	atomic { skip; locked(mbx_call_finish(c)) };
	locked(thread_put(c, t));
	goto close;

leave_cookie:
	if
	:: locked(mbx_call_release(c))
	:: !is_patient -> locked(mbx_call_finish(c))
	fi;
	locked(thread_put(c, t));

program:
	/* It has the cookie, or guesses it. */
	atomic {
		if
		:: !seen[c].fetched && may_try(c) -> skip
		:: !is_patient || seen[c].fetched || seen[c].unsent ->
			goto close
		fi;
#ifdef NO_RESUME
		if
		:: calls -> goto send
		:: else
		fi;
#endif
		locked(mbx_call_claim(c, t));
		if
		:: ret == OK -> ret = IDLE; goto await
		:: else -> ret = IDLE; goto program
		fi
	};
close:
	atomic { skip; locked(caller_close(c)) }
}

/* ---- the receiver -------------------------------------------------------- */

inline receive_begin(t)
{
	try_receive_locked(t);
	if
	:: ret == EAGAIN ->
		receivers!t;
		result[t] = PENDING;
		ret = PENDING
	:: else
	fi
}

inline receive_end_wait(t, why)
{
	if
	:: has_precedence(t, why) -> ret = result[t]
	:: result[t] == PENDING -> receivers??eval(t); ret = why
	:: else -> ret = why
	fi;
	result[t] = IDLE
}

inline received_put(t)
{
	mbx_message_put(got[t]);
	got[t] = NOBODY;
	got_cookie[t] = 0
}

inline mbx_receive_put_back(t, h)
{
	backs--;
	mbx_delivery_undo_locked(h, got_cookie[t]);
	received_put(t)
}

inline copy_in_begin(c, t)
{
	assert(!seen[c].writing && !seen[c].reading);
	seen[c].writing = true;
	call[c].reply = t
}

inline claim_and_begin(h, k, t)
{
	claim(h, k);
	if
	:: ret == OK -> c = found; copy_in_begin(c, t)
	:: else
	fi
}

inline copy_in_end(c, t)
{
	assert(seen[c].writing && call[c].reply == t);
	seen[c].writing = false
}

/* What was claimed is what is settled. */
inline settle_end(c, h, k, t, fault)
{
	copy_in_end(c, t);
	assert(call[c].delivery.in_handle && call[c].delivery.cookie == k &&
	       call[c].delivery.handle == h);
	settle_claimed(c, t, fault)
}

inline receiver_close(h)
{
	receiver_threads[h]--;
	if
	:: receiver_threads[h] == 0 -> detach_receiver_locked(h)
	:: else
	fi
}

/* Any cookie that the handle was given, or is about to be given. */
inline choose_cookie(h, k)
{
	if
	:: delivered[h] >= 1 -> k = 1
	:: delivered[h] >= 2 -> k = 2
	:: delivered[h] >= 3 -> k = 3
	:: delivered[h] >= 4 -> k = 4
	fi
}

/* Thread t of the handle h that receives. */
proctype receiver(byte t; byte h)
{
	mtype ret;
	byte c;
	byte k;

program:
	atomic {
		if
		:: goto receive
		:: delivered[h] > 0 -> choose_cookie(h, k); goto settle
		:: delivered[(h + 1) % RECEIVERS] > 0 -> goto check
		:: goto close
		fi
	};
receive:
	atomic {
		skip;
		locked(receive_begin(t));
		if
		:: ret == OK -> ret = IDLE; goto copy_out
		:: ret == PENDING -> ret = IDLE; goto blocked
		:: else -> ret = IDLE; goto program
		fi
	};
blocked:
	atomic {
		if
		:: result[t] != PENDING -> locked(receive_end_wait(t, OK))
		:: locked(receive_end_wait(t, ERESTARTSYS))
		fi;
		if
		:: ret == OK -> ret = IDLE
		:: else -> ret = IDLE; goto program
		fi
	};
copy_out:
	atomic {
		if
		:: locked(received_put(t))
		:: backs > 0 -> locked(mbx_receive_put_back(t, h))
		fi;
		goto program
	};

settle:
	atomic {
		if
		:: locked(claim_and_begin(h, k, t));
			if
			:: ret == OK -> ret = IDLE; goto copy_in
			:: else
			fi
		:: backs > 0 -> locked(backs--; mbx_delivery_return(h, k))
		fi;
		ret = IDLE;
		k = 0;
		goto program
	};
copy_in:
	atomic {
		if
		:: locked(settle_end(c, h, k, t, false))
		:: mishap() -> locked(settle_end(c, h, k, t, true))
		fi;
		ret = IDLE;
		c = 0;
		k = 0;
		goto program
	};

check:
	/* Another handle's cookie: find_locked() has the assertion. */
	atomic {
		choose_cookie((h + 1) % RECEIVERS, k);
		locked(find_locked(h, (h + 1) % RECEIVERS, k));
		ret = IDLE;
		k = 0;
		goto program
	};

close:
	atomic { skip; locked(receiver_close(h)) }
}

/* ---- the owner of the mailbox -------------------------------------------- */

proctype manager()
{
#ifdef PURGED
	locked(mbx_mailbox_purge());
#endif
#ifdef REMOVED
	locked(mbx_mailbox_end());
#endif
	skip
}
