// SPDX-License-Identifier: LGPL-2.1-or-later
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include "internal.h"

/* libnl has folded several errno values into one: this gives the likeliest. */
int mbx_nl_errno(int nlerr)
{
	switch (nlerr < 0 ? -nlerr : nlerr) {
	case NLE_SUCCESS:
		return 0;
	case NLE_INTR:
		return -EINTR;
	case NLE_BAD_SOCK:
		return -EBADF;
	case NLE_AGAIN:
		return -EAGAIN;
	case NLE_NOMEM:
		return -ENOMEM;
	case NLE_AF_NOSUPPORT:
	case NLE_PROTO_MISMATCH:
		return -EPROTONOSUPPORT;
	case NLE_PERM:
		return -EPERM;
	case NLE_NOACCESS:
		return -EACCES;
	case NLE_BUSY:
		return -EBUSY;
	case NLE_OBJ_NOTFOUND:
	case NLE_NODEV:
		return -ENODEV;
	case NLE_MSGSIZE:
		return -EMSGSIZE;
	case NLE_FAILURE:
		return -EIO;
	}
	return -EPROTO;
}

/* Any process may send to our port; only the kernel sends from port 0. */
bool mbx_nl_from_kernel(const struct sockaddr_nl *src, socklen_t len)
{
	return len == sizeof(*src) && src->nl_family == AF_NETLINK &&
	       src->nl_pid == 0;
}

static int set_option(struct nl_sock *sk, int option)
{
	int on = 1;
	int ret = setsockopt(nl_socket_get_fd(sk), SOL_NETLINK, option, &on,
			     sizeof(on));

	return ret < 0 ? -errno : 0;
}

/* Our own socket(2) call: its errno is exact and it is close-on-exec. */
static int attach_socket(struct nl_sock *sk)
{
	int fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_GENERIC);
	struct sockaddr_nl any = { .nl_family = AF_NETLINK };
	int ret;

	if (fd < 0)
		return -errno;
	if (bind(fd, (struct sockaddr *)&any, sizeof(any)) < 0) {
		ret = -errno;
		goto close_fd;
	}
	ret = mbx_nl_errno(nl_socket_set_fd(sk, NETLINK_GENERIC, fd));
	if (ret < 0)
		goto close_fd;
	return 0;

close_fd:
	close(fd);
	return ret;
}

int mbx_nl_connect(struct nl_sock **out)
{
	struct nl_sock *sk = nl_socket_alloc();
	int ret;

	if (!sk)
		return -ENOMEM;
	ret = attach_socket(sk);
	if (ret < 0)
		goto free_sk;
	ret = set_option(sk, NETLINK_EXT_ACK);
	if (ret < 0)
		goto free_sk;
	*out = sk;
	return 0;

free_sk:
	nl_socket_free(sk);
	return ret;
}

int mbx_nl_family(struct nl_sock *sk)
{
	int family = genl_ctrl_resolve(sk, MBOX_GENL_NAME);

	return family < 0 ? mbx_nl_errno(family) : family;
}

struct nl_msg *mbx_nl_request(const struct mbox_ctl *ctl, uint8_t cmd,
			      int flags)
{
	struct nl_msg *msg = nlmsg_alloc();

	if (!msg)
		return NULL;
	if (genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, ctl->family, 0,
			flags | NLM_F_ACK, cmd, MBOX_GENL_VERSION))
		return msg;
	nlmsg_free(msg);
	return NULL;
}

/* ---- the kernel's words ------------------------------------------------- */

/* Where the attributes of an error or of the end of a dump begin. */
static size_t extack_offset(const struct nlmsghdr *nlh)
{
	const struct nlmsgerr *err = nlmsg_data(nlh);
	size_t offset = sizeof(*err);

	if (nlh->nlmsg_type == NLMSG_DONE)
		return sizeof(int);
	if (nlmsg_datalen(nlh) < (int)sizeof(*err))
		return SIZE_MAX;
	/* The request follows its header unless the kernel left it out. */
	if (!(nlh->nlmsg_flags & NLM_F_CAPPED))
		offset += err->msg.nlmsg_len - NLMSG_HDRLEN;
	return NLMSG_ALIGN(offset);
}

void mbx_extack_text(const struct nlmsghdr *nlh, char *buf, size_t size)
{
	size_t offset = extack_offset(nlh);
	size_t len = (size_t)nlmsg_datalen(nlh);
	struct nlattr *attr;

	*buf = '\0';
	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS) || offset >= len)
		return;
	attr = nla_find((struct nlattr *)((char *)nlmsg_data(nlh) + offset),
			(int)(len - offset), NLMSGERR_ATTR_MSG);
	if (attr)
		nla_strlcpy(buf, attr, size);
}

/* ---- transactions ------------------------------------------------------- */

/**
 * struct transaction - a request that waits for its answer
 * @ctl: socket
 * @seq: number of the request
 * @answer: takes each message of the answer
 * @arg: its argument
 * @done: the kernel has said its last word
 * @interrupted: the set changed while it was dumped
 * @ret: result
 */
struct transaction {
	struct mbox_ctl *ctl;
	uint32_t seq;
	mbx_answer_fn answer;
	void *arg;
	bool done;
	bool interrupted;
	int ret;
};

/* Also skips what was left behind by a transaction that failed half way. */
static int on_any(struct nl_msg *msg, void *arg)
{
	const struct transaction *t = arg;

	if (!mbx_nl_from_kernel(nlmsg_get_src(msg), sizeof(struct sockaddr_nl)))
		return NL_SKIP;
	return nlmsg_hdr(msg)->nlmsg_seq == t->seq ? NL_OK : NL_SKIP;
}

static int on_valid(struct nl_msg *msg, void *arg)
{
	const struct nlmsghdr *nlh = nlmsg_hdr(msg);
	struct transaction *t = arg;

	if (nlh->nlmsg_type != t->ctl->family || t->ret < 0 || !t->answer)
		return NL_OK;
	t->ret = t->answer(nlh, t->arg);
	return NL_OK;
}

static int on_ack(struct nl_msg *msg, void *arg)
{
	struct transaction *t = arg;

	(void)msg;
	t->done = true;
	return NL_STOP;
}

static void refused(struct transaction *t, const struct nlmsghdr *nlh,
		    int error)
{
	mbx_extack_text(nlh, t->ctl->error, sizeof(t->ctl->error));
	t->ret = error < 0 ? error : -EPROTO;
	t->done = true;
}

static int on_finish(struct nl_msg *msg, void *arg)
{
	const struct nlmsghdr *nlh = nlmsg_hdr(msg);
	struct transaction *t = arg;
	int error = 0;

	if (nlmsg_datalen(nlh) >= (int)sizeof(error))
		memcpy(&error, nlmsg_data(nlh), sizeof(error));
	if (error)
		refused(t, nlh, error);
	t->done = true;
	return NL_STOP;
}

static int on_dump_intr(struct nl_msg *msg, void *arg)
{
	struct transaction *t = arg;

	(void)msg;
	t->interrupted = true;
	return NL_OK;
}

/* libnl hands over the payload alone; the header is right before it. */
static int on_error(struct sockaddr_nl *src, struct nlmsgerr *err, void *arg)
{
	const void *payload = err;
	const char *start = (const char *)payload - NLMSG_HDRLEN;

	(void)src;
	refused(arg, (const void *)start, err->error);
	return NL_STOP;
}

static struct nl_cb *callbacks(struct transaction *t)
{
	struct nl_cb *cb = nl_cb_alloc(NL_CB_DEFAULT);

	if (!cb)
		return NULL;
	nl_cb_set(cb, NL_CB_SEQ_CHECK, NL_CB_CUSTOM, on_any, t);
	nl_cb_set(cb, NL_CB_VALID, NL_CB_CUSTOM, on_valid, t);
	nl_cb_set(cb, NL_CB_ACK, NL_CB_CUSTOM, on_ack, t);
	nl_cb_set(cb, NL_CB_FINISH, NL_CB_CUSTOM, on_finish, t);
	nl_cb_set(cb, NL_CB_DUMP_INTR, NL_CB_CUSTOM, on_dump_intr, t);
	nl_cb_err(cb, NL_CB_CUSTOM, on_error, t);
	return cb;
}

static int receive(struct transaction *t, struct nl_cb *cb)
{
	int ret;

	while (!t->done) {
		ret = nl_recvmsgs(t->ctl->sk, cb);
		if (ret < 0 && !t->done)
			return mbx_nl_errno(ret);
	}
	if (t->ret < 0)
		return t->ret;
	return t->interrupted ? -EAGAIN : 0;
}

static int exchange(struct transaction *t, struct nl_msg *msg)
{
	struct nl_cb *cb = callbacks(t);
	int ret;

	if (!cb)
		return -ENOMEM;
	ret = nl_send_auto(t->ctl->sk, msg);
	if (ret < 0) {
		ret = mbx_nl_errno(ret);
		goto put_cb;
	}
	t->seq = nlmsg_hdr(msg)->nlmsg_seq;
	ret = receive(t, cb);

put_cb:
	nl_cb_put(cb);
	return ret;
}

/* Consumes @msg. -EAGAIN: a dump was interrupted and has to be taken anew. */
int mbx_nl_transact(struct mbox_ctl *ctl, struct nl_msg *msg,
		    mbx_answer_fn answer, void *arg)
{
	struct transaction t = { .ctl = ctl, .answer = answer, .arg = arg };
	int ret = exchange(&t, msg);

	nlmsg_free(msg);
	return ret;
}
