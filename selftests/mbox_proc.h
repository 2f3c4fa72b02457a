/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Processes that block, and how a test waits for them without guessing times:
 * it asks the mailbox how many callers are blocked.
 */
#ifndef MBOX_PROC_H
#define MBOX_PROC_H

#include "mbox_test.h"

#include <grp.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

/* Longest that anything which should happen may take in a slow guest. */
#define PATIENCE_MS	20000

/* Users of the guest's /etc/passwd, and a group that two of them share. */
#define ALICE	1000
#define BOB	1001
#define CAROL	1002
#define TEAM	100

/*
 * Runs @fn in a child and makes its result the exit status: 0, or an errno
 * if @fn returned -errno. The child dies with the test.
 */
static inline pid_t spawn(int (*fn)(void *arg), void *arg)
{
	pid_t parent = getpid();
	pid_t pid = fork();

	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* It may be gone already; from another pid namespace it is 0. */
	if (getppid() && getppid() != parent)
		_exit(1);
	_exit(abs(fn(arg)));
}

/* Exit status of a child; 256 + signal if one killed it; -ETIMEDOUT. */
static inline int reap_within(pid_t pid, int ms)
{
	__s64 end = in_ms(ms);
	int status;
	pid_t ret;

	do {
		ret = waitpid(pid, &status, WNOHANG);
		if (ret < 0)
			return -errno;
		if (ret == pid)
			return WIFSIGNALED(status) ? 256 + WTERMSIG(status) :
						     WEXITSTATUS(status);
		usleep(500);
	} while (now() < end);
	return -ETIMEDOUT;
}

static inline int reap(pid_t pid)
{
	return reap_within(pid, PATIENCE_MS);
}

/* Runs @fn in a child to its end. */
static inline int run(int (*fn)(void *arg), void *arg)
{
	return reap(spawn(fn, arg));
}

/* True once the mailbox of @fd has that many blocked callers. */
static inline bool wait_blocked(int fd, __u32 receivers, __u32 senders)
{
	__s64 end = in_ms(PATIENCE_MS);
	struct mbox_info info;

	do {
		info = info_of(fd);
		if (info.waiting_receivers == receivers &&
		    info.waiting_senders == senders)
			return true;
		usleep(500);
	} while (now() < end);
	return false;
}

static inline bool wait_receivers(int fd, __u32 count)
{
	return wait_blocked(fd, count, 0);
}

static inline bool wait_senders(int fd, __u32 count)
{
	return wait_blocked(fd, 0, count);
}

/* State letter of a process or thread in /proc; 0 if there is none. */
static inline char state_of(pid_t pid)
{
	char path[64], line[512] = "", *end;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
	file = fopen(path, "re");
	if (!file)
		return 0;
	if (!fgets(line, sizeof(line), file))
		line[0] = 0;
	fclose(file);
	end = strrchr(line, ')');
	return end ? end[2] : 0;
}

/*
 * True once a process sleeps in poll, epoll_wait and the like, of which the
 * mailbox knows nothing.
 */
static inline bool wait_asleep(pid_t pid)
{
	__s64 end = in_ms(PATIENCE_MS);
	int seen = 0;

	while (now() < end) {
		seen = state_of(pid) == 'S' ? seen + 1 : 0;
		if (seen == 5)
			return true;
		usleep(2000);
	}
	return false;
}

/* Memory that a child and its parent share. */
static inline void *shared(size_t size)
{
	void *mem = mmap(NULL, size, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	return mem == MAP_FAILED ? NULL : mem;
}

/* Becomes a user with no privileges and the given groups. */
static inline int become(uid_t uid, gid_t gid, const gid_t *groups, int count)
{
	if (setgroups(count, groups) || setresgid(gid, gid, gid) ||
	    setresuid(uid, uid, uid))
		return -errno;
	/* Becoming somebody else clears it. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	return 0;
}

static inline int become_user(uid_t uid)
{
	return become(uid, uid, NULL, 0);
}

/* Sends a descriptor over a UNIX socket: 1, or a negative errno. */
static inline int pass_fd(int sock, int fd)
{
	char control[CMSG_SPACE(sizeof(fd))] = { 0 };
	struct iovec iov = { .iov_base = "x", .iov_len = 1 };
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);

	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_RIGHTS;
	cmsg->cmsg_len = CMSG_LEN(sizeof(fd));
	memcpy(CMSG_DATA(cmsg), &fd, sizeof(fd));
	return or_errno(sendmsg(sock, &msg, 0));
}

/* Writes text to a file of /proc or /sys. */
static inline int write_file(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	int ret;

	if (fd < 0)
		return -errno;
	ret = or_errno(write(fd, text, strlen(text)));
	close(fd);
	return ret < 0 ? ret : 0;
}

static inline int read_file(const char *path, char *buf, size_t size)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	size_t len = 0;
	int ret = 0;

	if (fd < 0)
		return -errno;
	while (len + 1 < size) {
		ret = or_errno(read(fd, buf + len, size - 1 - len));
		if (ret <= 0)
			break;
		len += ret;
	}
	close(fd);
	buf[len] = 0;
	return ret < 0 ? ret : (int)len;
}

/* ---- what children do -------------------------------------------------- */

/*
 * A blocking receive or send, and what became of it; lives in shared().
 * @unwanted is a descriptor that the child closes first, if it is not 0.
 */
struct job {
	int fd;
	int unwanted;
	int ret;
	__u64 type;
	__s64 deadline;
	struct mbox_filter filter;
	struct mbox_header header;
	size_t size;
	__u32 flags;
	char text[TEXT_MAX];
};

static inline int recv_job(void *arg)
{
	struct job *job = arg;
	const struct mbox_filter *filter = job->filter.lo ? &job->filter : NULL;

	if (job->unwanted)
		close(job->unwanted);
	job->ret = recv_into(job->fd, &job->header, job->text,
			     job->size ? job->size : TEXT_MAX, job->flags,
			     filter, job->deadline);
	return job->ret < 0 ? job->ret : 0;
}

static inline int send_job(void *arg)
{
	struct job *job = arg;

	if (job->unwanted)
		close(job->unwanted);
	job->ret = send_until(job->fd, job->type ? job->type : 1, job->text,
			      strlen(job->text), job->flags, job->deadline);
	return job->ret < 0 ? job->ret : 0;
}

static inline struct job *new_job(int fd)
{
	struct job *job = shared(sizeof(*job));

	job->fd = fd;
	return job;
}

/* ---- signals ----------------------------------------------------------- */

static sig_atomic_t signals_seen;

static inline void count_signal(int sig)
{
	__atomic_add_fetch(&signals_seen, 1, __ATOMIC_RELAXED);
}

static inline void catch_signal(int sig, int flags)
{
	struct sigaction action = {
		.sa_handler = count_signal,
		.sa_flags = flags,
	};

	sigaction(sig, &action, NULL);
}

#endif /* MBOX_PROC_H */
