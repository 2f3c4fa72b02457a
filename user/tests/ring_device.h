/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A device that knows one ring and nothing else, played in the test's own memory.
 * Both ends get the same addresses: the thread sanitizer knows memory by that.
 */
#ifndef MBOX_TESTS_RING_DEVICE_H
#define MBOX_TESTS_RING_DEVICE_H

#include <errno.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>
#include "internal.h"
#include "ring.h"
#include "wrap.h"

#define RING_SIZE	8192u
#define HANDLE_FD	1000
#define PRODUCER_FD	2000
#define CONSUMER_FD	2001

static struct {
	int memory;
	void *area[4];
	struct mbox_ring_state *state;
	struct mbox_ring_index *index[2];
	struct mbox_map asked;
	uint32_t rights;
	int error;
	int waits;
	int wakes;
	int open;
	pthread_mutex_t lock;
	pthread_cond_t changed;
} device = {
	.lock = PTHREAD_MUTEX_INITIALIZER,
	.changed = PTHREAD_COND_INITIALIZER,
};

void *__real_mmap(void *addr, size_t len, int prot, int flags, int fd, off_t off);
void *__wrap_mmap(void *addr, size_t len, int prot, int flags, int fd, off_t off);
int __real_munmap(void *addr, size_t len);
int __wrap_munmap(void *addr, size_t len);

static void *map_at(void *addr, size_t len, size_t page)
{
	return __real_mmap(addr, len, PROT_READ | PROT_WRITE,
			   MAP_SHARED | (addr ? MAP_FIXED : 0), device.memory,
			   page * sysconf(_SC_PAGESIZE));
}

static inline void device_reset(void)
{
	size_t page = sysconf(_SC_PAGESIZE);
	unsigned char *data;

	device.memory = memfd_create("ring", MFD_CLOEXEC);
	if (device.memory < 0 || ftruncate(device.memory, 3 * page + RING_SIZE))
		exit(1);
	for (int i = 0; i < 3; i++)
		device.area[i] = map_at(NULL, page, i);
	data = __real_mmap(NULL, 2 * RING_SIZE, PROT_NONE,
			   MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	map_at(data, RING_SIZE, 3);
	map_at(data + RING_SIZE, RING_SIZE, 3);
	device.area[3] = data;
	__real_close(device.memory);
	device.state = device.area[0];
	device.index[0] = device.area[1];
	device.index[1] = device.area[2];
	*device.state = (struct mbox_ring_state){
		.magic = MBOX_RING_MAGIC,
		.version = MBOX_RING_VERSION,
		.size = RING_SIZE,
		.state = MBOX_RING_PRODUCER | MBOX_RING_CONSUMER,
	};
	device.rights = MBOX_RIGHT_RECV | MBOX_RIGHT_SEND;
	device.error = 0;
	device.waits = 0;
	device.wakes = 0;
}

void *__wrap_mmap(void *addr, size_t len, int prot, int flags, int fd, off_t off)
{
	if (fd != PRODUCER_FD && fd != CONSUMER_FD)
		return __real_mmap(addr, len, prot, flags, fd, off);
	device.open++;
	return device.area[off / sysconf(_SC_PAGESIZE)];
}

int __wrap_munmap(void *addr, size_t len)
{
	for (int i = 0; i < 4; i++) {
		if (addr == device.area[i]) {
			device.open--;
			return 0;
		}
	}
	return __real_munmap(addr, len);
}

int __wrap_close(int fd)
{
	return fd == PRODUCER_FD || fd == CONSUMER_FD ? 0 : __real_close(fd);
}

static uint32_t *flag_of(bool producer)
{
	return producer ? &device.state->producer_waits : &device.state->consumer_waits;
}

/* 1: go on; 0: sleep; else an errno. As the kernel has it. */
static int settled(const struct mbox_map *map, bool producer)
{
	uint32_t state = __atomic_load_n(&device.state->state, __ATOMIC_ACQUIRE);
	uint32_t gone = producer ? MBOX_RING_CONSUMER_GONE : MBOX_RING_PRODUCER_GONE;

	if (__atomic_load_n(&device.index[producer]->index, __ATOMIC_RELAXED) != map->seen)
		return 1;
	if (state & MBOX_RING_REMOVED)
		return -EIDRM;
	return state & gone ? -EPIPE : 0;
}

static int sleep_on(const struct mbox_map *map)
{
	struct timespec end = {
		.tv_sec = map->deadline / 1000000000,
		.tv_nsec = map->deadline % 1000000000,
	};

	if (map->deadline)
		return -pthread_cond_clockwait(&device.changed, &device.lock,
					       CLOCK_MONOTONIC, &end);
	return -pthread_cond_wait(&device.changed, &device.lock);
}

static int play_wait(const struct mbox_map *map, bool producer)
{
	int ret;

	pthread_mutex_lock(&device.lock);
	device.waits++;
	for (;;) {
		__atomic_store_n(flag_of(producer), 1, __ATOMIC_SEQ_CST);
		__atomic_thread_fence(__ATOMIC_SEQ_CST);
		ret = settled(map, producer);
		if (ret)
			break;
		ret = sleep_on(map);
		if (ret)
			break;
	}
	pthread_mutex_unlock(&device.lock);
	return ret > 0 ? 0 : ret;
}

static int play_wake(bool producer)
{
	__atomic_store_n(flag_of(!producer), 0, __ATOMIC_SEQ_CST);
	pthread_mutex_lock(&device.lock);
	device.wakes++;
	pthread_cond_broadcast(&device.changed);
	pthread_mutex_unlock(&device.lock);
	return 0;
}

static int play_open(const struct mbox_map *map)
{
	device.asked = *map;
	if (device.error)
		return -device.error;
	if (map->flags == MBOX_MAP_PRODUCER || device.rights == MBOX_RIGHT_SEND)
		return PRODUCER_FD;
	return CONSUMER_FD;
}

static int play(int fd, unsigned long request, void *arg)
{
	const struct mbox_map *map = arg;

	if (request == MBOX_IOC_INFO) {
		((struct mbox_info *)arg)->rights = device.rights;
		return 0;
	}
	if (request != MBOX_IOC_MAP)
		return -ENOTTY;
	if (map->kind == MBOX_MAP_WAIT)
		return play_wait(map, fd == PRODUCER_FD);
	return map->kind == MBOX_MAP_WAKE ? play_wake(fd == PRODUCER_FD) : play_open(map);
}

int __wrap_ioctl(int fd, unsigned long request, ...)
{
	va_list args;
	void *arg;
	int ret;

	va_start(args, request);
	arg = va_arg(args, void *);
	va_end(args);
	ret = play(fd, request, arg);
	if (ret >= 0)
		return ret;
	errno = -ret;
	return -1;
}

/* An end goes, or the mailbox: who waits learns of it. */
static inline void device_state(uint32_t bit)
{
	pthread_mutex_lock(&device.lock);
	__atomic_fetch_or(&device.state->state, bit, __ATOMIC_RELEASE);
	pthread_cond_broadcast(&device.changed);
	pthread_mutex_unlock(&device.lock);
}

#endif /* MBOX_TESTS_RING_DEVICE_H */
