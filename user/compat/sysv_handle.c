// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * The descriptors that a process keeps for its queues.
 *
 * A table of a fixed size; a queue has one place, which depends on its msqid. What a
 * place holds is one 64-bit word, changed by compare-and-swap alone: so no signal
 * handler, thread or fork ever finds a lock held. A descriptor is closed when its place
 * is to be another's and no call uses it.
 *
 * The table is wiped by the kernel in the child of a fork: what the child sends must be
 * sent by a handle that the child has opened, since that tells who sent it. The copy in
 * "kept" is not, so that the child can close what it has inherited.
 */
#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "device.h"
#include "sysv.h"

#define PLACES		64

/* A word: msqid, descriptor, rights, what is to become of it, number of users. */
#define ID_SHIFT	32
#define FD_SHIFT	16
#define FD_MAX		0xffff
#define RIGHTS_SHIFT	14
#define DEAD		(1U << 13)	/* close it when the last user is done */
#define LOST		(1U << 12)	/* or not: the number is the program's now */
#define USERS_MAX	0xfff

/**
 * struct table - what is wiped in the child of a fork
 * @owned: this process has closed what it inherited
 * @words: the places; 0 is an empty one
 */
struct table {
	atomic_bool owned;
	_Atomic uint64_t words[PLACES];
};

static int msqid_of(uint64_t word)
{
	return (int)(word >> ID_SHIFT);
}

static int fd_of(uint64_t word)
{
	return (int)(word >> FD_SHIFT & FD_MAX);
}

static uint32_t rights_of(uint64_t word)
{
	return word >> RIGHTS_SHIFT & 3;
}

static unsigned int users_of(uint64_t word)
{
	return word & USERS_MAX;
}

static struct table *_Atomic table;

/* Descriptors by place, plus one; 0 for none. */
static atomic_int kept[PLACES];

/* The lowest descriptor that was ever kept; 0 if there was none. */
static atomic_int lowest;

static _Atomic uint64_t *word_of(struct table *all, int msqid)
{
	return &all->words[msqid % PLACES];
}

/* What nobody could wipe must not be kept. */
static struct table *make_table(void)
{
	struct table *new = mmap(NULL, sizeof(*new), PROT_READ | PROT_WRITE,
				 MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	struct table *other = NULL;

	if (new == MAP_FAILED)
		return NULL;
	if (madvise(new, sizeof(*new), MADV_WIPEONFORK))
		goto unmap;
	if (atomic_compare_exchange_strong(&table, &other, new))
		return new;
unmap:
	munmap(new, sizeof(*new));
	return other;
}

static void close_inherited(void)
{
	for (int i = 0; i < PLACES; i++) {
		int fd = atomic_exchange(&kept[i], 0) - 1;

		if (fd >= 0)
			close(fd);
	}
}

static struct table *own_table(void)
{
	struct table *all = atomic_load_explicit(&table, memory_order_acquire);

	if (!all)
		all = make_table();
	if (all && !atomic_load_explicit(&all->owned, memory_order_relaxed) &&
	    !atomic_exchange(&all->owned, true))
		close_inherited();
	return all;
}

static bool matches(uint64_t word, int msqid, uint32_t right)
{
	return word && msqid_of(word) == msqid && rights_of(word) & right &&
	       !(word & (DEAD | LOST)) && users_of(word) < USERS_MAX;
}

static int take_kept(_Atomic uint64_t *place, int msqid, uint32_t right)
{
	uint64_t word = atomic_load_explicit(place, memory_order_relaxed);

	while (matches(word, msqid, right)) {
		if (atomic_compare_exchange_weak_explicit(place, &word, word + 1,
							  memory_order_acquire,
							  memory_order_relaxed))
			return fd_of(word);
	}
	return -1;
}

/* Both rights where the queue grants them, since most programs use both. */
static int open_queue(int msqid, uint32_t right, uint32_t *rights)
{
	struct mbox_open_options options = { .rights = MBOX_RIGHT_RECV | MBOX_RIGHT_SEND };
	struct mbox_stat stat;
	struct mbox *mbox;
	int err;

	err = mbox_open_id(&mbox, msqid, &options);
	if (err == -EACCES) {
		options.rights = right;
		err = mbox_open_id(&mbox, msqid, &options);
	}
	if (!err)
		err = mbox_info(mbox, &stat, NULL);
	if (!err && !sysv_is_queue(&stat))
		err = -EINVAL;
	if (err) {
		mbox_close(mbox);
		return err == -ENOENT || err == -EIDRM ? -EINVAL : device_error(err);
	}
	*rights = options.rights;
	return device_keep(mbox);
}

static void end(uint64_t word)
{
	int place = msqid_of(word) % PLACES;
	int fd = fd_of(word) + 1;

	if (!(word & LOST)) {
		atomic_compare_exchange_strong(&kept[place], &fd, 0);
		close(fd_of(word));
	}
}

static void note_lowest(int fd)
{
	int least = atomic_load(&lowest);

	while ((!least || fd < least) && !atomic_compare_exchange_weak(&lowest, &least, fd))
		;
}

/* A place is free, or can be had, unless a call uses what is there. */
static bool keep(_Atomic uint64_t *place, uint64_t word)
{
	uint64_t old = atomic_load(place);

	do {
		if (users_of(old))
			return false;
	} while (!atomic_compare_exchange_weak(place, &old, word));
	if (old)
		end(old);
	atomic_store(&kept[msqid_of(word) % PLACES], fd_of(word) + 1);
	note_lowest(fd_of(word));
	return true;
}

int sysv_handle_get(int msqid, uint32_t right)
{
	struct table *all = own_table();
	uint32_t rights;
	uint64_t word;
	int fd = -1;

	if (all)
		fd = take_kept(word_of(all, msqid), msqid, right);
	if (fd >= 0)
		return fd;
	/* Id 0 would mean no id, and is none. */
	fd = msqid ? open_queue(msqid, right, &rights) : -EINVAL;
	if (fd < 0 || fd > FD_MAX || !all)
		return fd;
	/* Whoever had this number before has lost it without a word to us. */
	sysv_handle_lost(fd, fd);
	word = (uint64_t)msqid << ID_SHIFT | (uint64_t)fd << FD_SHIFT |
	       rights << RIGHTS_SHIFT | 1;
	keep(word_of(all, msqid), word);
	return fd;
}

static bool holds(uint64_t word, int msqid, int fd)
{
	return word && msqid_of(word) == msqid && fd_of(word) == fd;
}

void sysv_handle_put(int msqid, int fd)
{
	struct table *all = atomic_load_explicit(&table, memory_order_acquire);
	_Atomic uint64_t *place = all ? word_of(all, msqid) : NULL;
	uint64_t word = place ? atomic_load_explicit(place, memory_order_relaxed) : 0;
	uint64_t left;

	while (holds(word, msqid, fd)) {
		left = word - 1;
		if (word & (DEAD | LOST) && !users_of(left))
			left = 0;
		if (!atomic_compare_exchange_weak_explicit(place, &word, left,
							   memory_order_release,
							   memory_order_relaxed))
			continue;
		if (!left)
			end(word);
		return;
	}
	close(fd);
}

/* Mark the descriptor that is there, and end it if nobody uses it. */
static void mark(_Atomic uint64_t *place, uint64_t word, uint32_t flag)
{
	int fd = fd_of(word);
	uint64_t marked;

	while (word && fd_of(word) == fd) {
		marked = users_of(word) ? word | flag : 0;
		if (!atomic_compare_exchange_weak(place, &word, marked))
			continue;
		if (!marked)
			end(word | flag);
		return;
	}
}

void sysv_handle_forget(int msqid)
{
	struct table *all = own_table();
	uint64_t word = all ? atomic_load(word_of(all, msqid)) : 0;

	if (word && msqid_of(word) == msqid)
		mark(word_of(all, msqid), word, DEAD);
}

void sysv_handle_forget_all(void)
{
	struct table *all = atomic_load(&table);

	for (int i = 0; all && i < PLACES; i++) {
		uint64_t word = atomic_load(&all->words[i]);

		if (word)
			mark(&all->words[i], word, DEAD);
	}
}

/* All ours are high: most descriptors are none. */
static bool may_be_ours(unsigned int last)
{
	int least = atomic_load_explicit(&lowest, memory_order_relaxed);

	return least && last >= (unsigned int)least;
}

static bool is_within(int fd, unsigned int first, unsigned int last)
{
	return (unsigned int)fd >= first && (unsigned int)fd <= last;
}

static void lose_kept(int place, unsigned int first, unsigned int last)
{
	int number = atomic_load_explicit(&kept[place], memory_order_relaxed);

	if (number && is_within(number - 1, first, last))
		atomic_compare_exchange_strong(&kept[place], &number, 0);
}

void sysv_handle_lost(unsigned int first, unsigned int last)
{
	struct table *all = atomic_load_explicit(&table, memory_order_acquire);
	uint64_t word;

	if (!may_be_ours(last))
		return;
	for (int i = 0; all && i < PLACES; i++) {
		lose_kept(i, first, last);
		word = atomic_load_explicit(&all->words[i], memory_order_relaxed);
		if (word && is_within(fd_of(word), first, last))
			mark(&all->words[i], word, LOST);
	}
}

bool sysv_handle_is_stale(int err)
{
	return err == -EBADF || err == -ENOTTY || err == -ENOTCONN;
}
