// SPDX-License-Identifier: LGPL-2.1-or-later
/* An end of a ring: how it is mapped, and given back. */
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>
#include "ring.h"

static void *map_area(int fd, int area, size_t size, bool writable)
{
	int prot = writable ? PROT_READ | PROT_WRITE : PROT_READ;

	return mmap(NULL, size, prot, MAP_SHARED | MAP_POPULATE, fd,
		    (off_t)area * sysconf(_SC_PAGESIZE));
}

static void unmap(const volatile void *mem, size_t size)
{
	if (mem != MAP_FAILED)
		munmap((void *)mem, size);
}

static void unmap_all(struct mbox_ring *ring)
{
	size_t page = sysconf(_SC_PAGESIZE);

	unmap(ring->state, page);
	unmap(ring->area[0], page);
	unmap(ring->area[1], page);
	unmap(ring->data, 2 * (size_t)ring->size);
}

/* The rest of the ring is as large as its first page says. */
static int map_state(struct mbox_ring *ring)
{
	size_t page = sysconf(_SC_PAGESIZE);

	ring->state = map_area(ring->fd, MBOX_RING_AREA_STATE, page, false);
	if (ring->state == MAP_FAILED)
		return -errno;
	ring->size = ring->state->size;
	if (ring->state->magic != MBOX_RING_MAGIC ||
	    ring->state->version != MBOX_RING_VERSION || !ring->size ||
	    ring->size > MBOX_MAP_SIZE_MAX || ring->size & (ring->size - 1))
		return -EPROTO;
	return 0;
}

static int map_all(struct mbox_ring *ring)
{
	size_t page = sysconf(_SC_PAGESIZE);
	bool producer = ring->producer;
	int ret = map_state(ring);

	if (ret)
		return ret;
	ring->area[0] = map_area(ring->fd, MBOX_RING_AREA_PRODUCER, page, producer);
	ring->area[1] = map_area(ring->fd, MBOX_RING_AREA_CONSUMER, page, !producer);
	ring->data = map_area(ring->fd, MBOX_RING_AREA_DATA, 2 * (size_t)ring->size,
			      producer);
	if (ring->area[0] == MAP_FAILED || ring->area[1] == MAP_FAILED ||
	    ring->data == MAP_FAILED)
		return -errno;
	return 0;
}

static void start(struct mbox_ring *ring, const struct mbox_ring_options *options)
{
	ring->mine = ring->area[ring->producer ? 0 : 1];
	ring->theirs = ring->area[ring->producer ? 1 : 0];
	ring->wanted = ring->producer ? &ring->state->consumer_waits :
					&ring->state->producer_waits;
	ring->batch = options->batch ? options->batch : 1;
	ring->spin = options->spin;
}

static bool is_producer(struct mbox *mbox, uint32_t end)
{
	struct mbox_handle_stat stat = { 0 };

	if (end)
		return end == MBOX_MAP_PRODUCER;
	mbox_info(mbox, NULL, &stat);
	return stat.rights == MBOX_RIGHT_SEND;
}

MBX_EXPORT int mbox_ring_open(struct mbox_ring **out, struct mbox *mbox,
			      const struct mbox_ring_options *options)
{
	static const struct mbox_ring_options plain;
	struct mbox_map map = { .kind = MBOX_MAP_RING };
	struct mbox_ring *ring;
	int ret;

	*out = NULL;
	if (!options)
		options = &plain;
	if (options->spin < 0)
		return -EINVAL;
	map.flags = options->end;
	map.size = options->size;
	ring = malloc(sizeof(*ring));
	if (!ring)
		return -ENOMEM;
	*ring = (struct mbox_ring){
		.producer = is_producer(mbox, options->end),
		.state = MAP_FAILED,
		.area = { MAP_FAILED, MAP_FAILED },
		.data = MAP_FAILED,
	};
	ret = mbx_ioctl(mbox->fd, MBOX_IOC_MAP, &map, INT_MAX);
	if (ret < 0)
		goto free_ring;
	ring->fd = ret;
	ret = map_all(ring);
	if (ret)
		goto unmap;
	start(ring, options);
	*out = ring;
	return 0;

unmap:
	unmap_all(ring);
	close(ring->fd);
free_ring:
	free(ring);
	return ret;
}

MBX_EXPORT struct mbox_ring *mbox_ring_close(struct mbox_ring *ring)
{
	if (ring) {
		mbox_ring_flush(ring);
		unmap_all(ring);
		close(ring->fd);
	}
	free(ring);
	return NULL;
}

MBX_EXPORT int mbox_ring_fd(const struct mbox_ring *ring)
{
	return ring->fd;
}

MBX_EXPORT size_t mbox_ring_room(const struct mbox_ring *ring)
{
	return ring->size - sizeof(struct mbox_record);
}
