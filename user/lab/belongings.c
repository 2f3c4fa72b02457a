// SPDX-License-Identifier: GPL-2.0-only
/*
 * A thing is entered before it is made, under a name that is drawn at random and
 * that nothing had a moment ago: whoever removes it can take what has this name
 * for ours.
 */
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <limits.h>
#include <mqueue.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/random.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <unistd.h>

#include "belongings.h"
#include "guard.h"

#define ENTRIES_MAX	1024
#define NAME_MAX_HERE	32
#define FOLDER_MAX	64

enum entry_state {
	ENTRY_FREE,
	ENTRY_TAKEN,	/* being written: nothing has been made under it yet */
	ENTRY_VALID,
};

struct entry {
	_Atomic int state;
	enum guard_kind kind;
	key_t key;
	char name[NAME_MAX_HERE];
};

struct table {
	struct entry entries[ENTRIES_MAX];
	char folder[FOLDER_MAX];
	_Atomic bool has_folder;
};

static struct table *table;

int belongings_start(void)
{
	table = mmap(NULL, sizeof(*table), PROT_READ | PROT_WRITE,
		     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (table != MAP_FAILED)
		return 0;
	table = NULL;
	return -1;
}

static uint64_t random_number(void)
{
	uint64_t number;

	if (getrandom(&number, sizeof(number), 0) != sizeof(number))
		abort();
	return number;
}

static bool is_key(enum guard_kind kind)
{
	return kind <= GUARD_SHM_KEY;
}

static int find_key(enum guard_kind kind, key_t key)
{
	switch (kind) {
	case GUARD_MSG_KEY:
		return msgget(key, 0);
	case GUARD_SEM_KEY:
		return semget(key, 0, 0);
	default:
		return shmget(key, 0, 0);
	}
}

static void remove_key(enum guard_kind kind, key_t key)
{
	int id = find_key(kind, key);

	if (id < 0)
		return;
	if (kind == GUARD_MSG_KEY)
		msgctl(id, IPC_RMID, NULL);
	else if (kind == GUARD_SEM_KEY)
		semctl(id, 0, IPC_RMID);
	else
		shmctl(id, IPC_RMID, NULL);
}

static void remove_name(enum guard_kind kind, const char *name)
{
	if (kind == GUARD_SHM_NAME)
		shm_unlink(name);
	else if (kind == GUARD_SEM_NAME)
		sem_unlink(name);
	else
		mq_unlink(name);
}

static void remove_entry(struct entry *entry)
{
	if (is_key(entry->kind))
		remove_key(entry->kind, entry->key);
	else
		remove_name(entry->kind, entry->name);
	/* Pairs with take_entry(): who takes the entry finds the thing removed. */
	atomic_store_explicit(&entry->state, ENTRY_FREE, memory_order_release);
}

static struct entry *take_entry(void)
{
	for (struct entry *entry = table->entries; entry < table->entries + ENTRIES_MAX; entry++) {
		int is_free = ENTRY_FREE;

		/* Pairs with remove_entry(). */
		if (atomic_compare_exchange_strong_explicit(&entry->state, &is_free, ENTRY_TAKEN,
							    memory_order_acquire,
							    memory_order_relaxed))
			return entry;
	}
	errno = ENOSPC;
	return NULL;
}

/* Release: who reads that the entry is valid reads all of it. */
static void publish(struct entry *entry)
{
	atomic_store_explicit(&entry->state, ENTRY_VALID, memory_order_release);
}

static bool is_valid(struct entry *entry)
{
	/* Pairs with publish(). */
	return atomic_load_explicit(&entry->state, memory_order_acquire) == ENTRY_VALID;
}

/* -1 with errno where there is nothing of that kind at all. */
static key_t unused_key(enum guard_kind kind)
{
	for (;;) {
		key_t key = random_number() & INT_MAX;

		if (key == IPC_PRIVATE || find_key(kind, key) >= 0)
			continue;
		if (errno == ENOENT)
			return key;
		/* Someone else's, who lets us not look at it. */
		if (errno != EACCES)
			return -1;
	}
}

key_t guard_key(enum guard_kind kind)
{
	struct entry *entry = take_entry();

	if (!entry)
		return -1;
	entry->kind = kind;
	entry->key = unused_key(kind);
	if (entry->key < 0) {
		atomic_store_explicit(&entry->state, ENTRY_FREE, memory_order_release);
		return -1;
	}
	publish(entry);
	return entry->key;
}

int guard_name(enum guard_kind kind, char *name, size_t size)
{
	struct entry *entry = take_entry();

	if (!entry)
		return -errno;
	entry->kind = kind;
	snprintf(entry->name, sizeof(entry->name), "/lab-%016" PRIx64, random_number());
	snprintf(name, size, "%s", entry->name);
	publish(entry);
	return 0;
}

void guard_remove_key(enum guard_kind kind, key_t key)
{
	for (struct entry *entry = table->entries; entry < table->entries + ENTRIES_MAX; entry++)
		if (is_valid(entry) && entry->kind == kind && entry->key == key)
			remove_entry(entry);
}

void guard_remove_name(const char *name)
{
	for (struct entry *entry = table->entries; entry < table->entries + ENTRIES_MAX; entry++)
		if (is_valid(entry) && !is_key(entry->kind) && !strcmp(entry->name, name))
			remove_entry(entry);
}

static const char *folder_of_folders(void)
{
	const char *place = getenv("TMPDIR");

	/* "/lab-" and 16 digits follow. */
	if (!place || *place != '/' || strlen(place) + 22 > FOLDER_MAX)
		return "/tmp";
	return place;
}

const char *guard_folder(void)
{
	/* Pairs with the store below: whoever sees that it is there sees its name. */
	if (atomic_load_explicit(&table->has_folder, memory_order_acquire))
		return table->folder;
	snprintf(table->folder, sizeof(table->folder), "%.40s/lab-%016" PRIx64,
		 folder_of_folders(), random_number());
	atomic_store_explicit(&table->has_folder, true, memory_order_release);
	if (!mkdir(table->folder, 0700))
		return table->folder;
	atomic_store_explicit(&table->has_folder, false, memory_order_release);
	return NULL;
}

static int remove_path(const char *path, const struct stat *status, int type, struct FTW *where)
{
	(void)status;
	(void)type;
	(void)where;
	remove(path);
	return 0;
}

void belongings_remove_all(void)
{
	for (struct entry *entry = table->entries; entry < table->entries + ENTRIES_MAX; entry++)
		if (is_valid(entry))
			remove_entry(entry);
	if (atomic_exchange_explicit(&table->has_folder, false, memory_order_acquire))
		nftw(table->folder, remove_path, 16, FTW_DEPTH | FTW_PHYS);
}
