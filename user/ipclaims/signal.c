// SPDX-License-Identifier: GPL-2.0-only
/* Claims on how signals are delivered. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#include "claim.h"
#include "finding.h"
#include "proc.h"

#define ORDER_MAX	8

static volatile sig_atomic_t order[ORDER_MAX];
static volatile sig_atomic_t count;
static volatile sig_atomic_t depth, deepest;

static void record(int number)
{
	if (count < ORDER_MAX)
		order[count] = number;
	count++;
}

static bool is_refused(int number, void (*handler)(int number))
{
	return signal(number, handler) == SIG_ERR && errno == EINVAL;
}

/* A child that blocks and ignores all it can. */
static pid_t start_stubborn(void)
{
	int ready[2];
	sigset_t all;
	pid_t child;

	make_pipe(ready, 0);
	child = start();
	if (child) {
		await_byte(ready[0]);
		return child;
	}
	for (int number = 1; number < NSIG; number++)
		signal(number, SIG_IGN);
	sigfillset(&all);
	must(sigprocmask(SIG_BLOCK, &all, NULL), "sigprocmask");
	send_byte(ready[1]);
	for (;;)
		pause();
}

static void check_uncatchable(void)
{
	pid_t child = start_stubborn();
	int status;

	part(is_refused(SIGKILL, record) && is_refused(SIGSTOP, record),
	     "A handler for SIGKILL or SIGSTOP: EINVAL.");
	part(is_refused(SIGKILL, SIG_IGN) && is_refused(SIGSTOP, SIG_IGN),
	     "To ignore them: EINVAL.");
	must(kill(child, SIGTERM), "kill");
	must(kill(child, SIGSTOP), "kill");
	must(waitpid(child, &status, WUNTRACED), "waitpid");
	part(WIFSTOPPED(status), "A child that blocks and ignores all it can outlives SIGTERM, "
	     "is stopped by SIGSTOP");
	must(kill(child, SIGKILL), "kill");
	status = end_of(child);
	part(WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL, "and killed by SIGKILL.");
	conclude_parts();
}

static void enter_again(int number)
{
	depth++;
	if (depth > deepest)
		deepest = depth;
	if (count++ == 0)
		raise(number);
	depth--;
}

static void handle_twice(int flags)
{
	struct sigaction action = { .sa_handler = enter_again, .sa_flags = flags };

	count = 0;
	deepest = 0;
	must(sigaction(SIGUSR1, &action, NULL), "sigaction");
	raise(SIGUSR1);
}

static void check_own_signal(void)
{
	handle_twice(0);
	part(count == 2 && deepest == 1, "A signal that comes while its handler runs waits: "
	     "%d runs, never more than %d at a time.", count, deepest);
	handle_twice(SA_NODEFER);
	part(count == 2 && deepest == 2, "With SA_NODEFER it interrupts the handler: "
	     "%d runs, %d at a time.", count, deepest);
	conclude_parts();
}

static char *volatile handler_frame;

static void take_frame(int number)
{
	(void)number;
	handler_frame = __builtin_frame_address(0);
}

/* A handler's frame lies below ours, by the context that the kernel has pushed. */
static void check_stack(void)
{
	static char other[1 << 16];
	stack_t alternate = { .ss_sp = other, .ss_size = sizeof(other) };
	char *frame = __builtin_frame_address(0);
	long distance;

	handle(SIGUSR1, take_frame, 0);
	raise(SIGUSR1);
	distance = frame - handler_frame;
	observe("The handler's frame is %ld bytes away from that of the function it interrupts.",
		distance);
	must(sigaltstack(&alternate, NULL), "sigaltstack");
	handle(SIGUSR1, take_frame, SA_ONSTACK);
	raise(SIGUSR1);
	part(handler_frame >= other && handler_frame < other + sizeof(other),
	     "With sigaltstack() and SA_ONSTACK it is in the memory set apart for that.");
	if (distance > -(1 << 18) && distance < 1 << 18)
		conclude_parts();
	else
		conclude("elsewhere");
}

/* Sends ourselves three signals that are blocked, and lets them in at once. */
static void deliver_three(void)
{
	static const int numbers[] = { SIGTERM, SIGHUP, SIGUSR1 };
	unsigned long pending = 0, expected = 0;
	sigset_t set, old;

	sigemptyset(&set);
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++)
		sigaddset(&set, numbers[i]);
	must(sigprocmask(SIG_BLOCK, &set, &old), "sigprocmask");
	count = 0;
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		must(kill(getpid(), numbers[i]), "kill");
		expected |= 1UL << (numbers[i] - 1);
	}
	pending = status_mask("ShdPnd") & status_mask("SigBlk");
	part(count == 0 && pending == expected,
	     "Blocked signals %d, %d and %d, sent in this order, are pending bits %#lx and call "
	     "no handler.", numbers[0], numbers[1], numbers[2], pending);
	must(sigprocmask(SIG_SETMASK, &old, NULL), "sigprocmask");
}

static void set_handlers(bool block_all)
{
	static const int numbers[] = { SIGTERM, SIGHUP, SIGUSR1 };

	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		struct sigaction action = { .sa_handler = record };

		if (block_all)
			sigfillset(&action.sa_mask);
		must(sigaction(numbers[i], &action, NULL), "sigaction");
	}
}

static void check_order(void)
{
	set_handlers(true);
	deliver_three();
	part(count == 3 && order[0] == 1 && order[1] == SIGUSR1 && order[2] == SIGTERM,
	     "Let in, their handlers run in the order %d, %d, %d.", order[0], order[1],
	     order[2]);
	set_handlers(false);
	deliver_three();
	observe("Handlers that block nothing are started in that order, too, but each at once "
		"interrupts the one before: they run in the order %d, %d, %d.", order[0],
		order[1], order[2]);
	conclude_parts();
}

static void send_often(int number, int times)
{
	count = 0;
	handle(number, record, 0);
	mask(SIG_BLOCK, number);
	for (int i = 0; i < times; i++) {
		union sigval value = { .sival_int = i };

		need(sigqueue(getpid(), number, value), "sigqueue");
	}
	mask(SIG_UNBLOCK, number);
}

static void check_one_bit(void)
{
	send_often(SIGUSR1, 2);
	part(count == 1, "SIGUSR1, sent 2 times while it is blocked, calls its handler %d time.",
	     count);
	send_often(SIGUSR1, 1000);
	part(count == 1, "Sent 1000 times: %d time.", count);
	conclude_parts();
}

static int values[ORDER_MAX];

static void record_value(int number, siginfo_t *info, void *context)
{
	(void)context;
	if (count < ORDER_MAX)
		values[count] = info->si_value.sival_int;
	record(number);
}

static void check_count(void)
{
	struct sigaction action = { .sa_sigaction = record_value, .sa_flags = SA_SIGINFO };
	bool in_order = true;

	send_often(SIGRTMIN, 1000);
	part(count == 1000, "SIGRTMIN, sent 1000 times while it is blocked, calls its handler "
	     "%d times.", count);
	count = 0;
	mask(SIG_BLOCK, SIGRTMIN);
	must(sigaction(SIGRTMIN, &action, NULL), "sigaction");
	for (int i = 0; i < 5; i++)
		need(sigqueue(getpid(), SIGRTMIN, (union sigval){ .sival_int = i }), "sigqueue");
	mask(SIG_UNBLOCK, SIGRTMIN);
	for (int i = 0; i < 5; i++)
		in_order &= values[i] == i;
	part(count == 5 && in_order, "Each brings the value that was sent with it, in order.");
	conclude_parts();
}

static volatile sig_atomic_t sender, code;

static void record_sender(int number, siginfo_t *info, void *context)
{
	(void)context;
	record(number);
	sender = info->si_pid;
	code = info->si_code;
}

static void catch_from_child(int number)
{
	struct sigaction action = { .sa_sigaction = record_sender, .sa_flags = SA_SIGINFO };
	pid_t parent = getpid(), child;

	must(sigaction(number, &action, NULL), "sigaction");
	count = 0;
	child = start();
	if (!child)
		_exit(kill(parent, number) ? 1 : 0);
	ends_well(child);
	part(count == 1 && order[0] == number && sender == child && code == SI_USER,
	     "Signal %d is caught; its sender is known to be a process, our child.", number);
}

static void check_user_signals(void)
{
	catch_from_child(SIGUSR1);
	catch_from_child(SIGUSR2);
	conclude_parts();
}

/* ---- printf in a handler ----------------------------------------------------------- */

static volatile int *entered;
static FILE *output;

static void print_in_handler(int number)
{
	*entered = number;
	fprintf(output, "handler\n");
}

static void write_in_handler(int number)
{
	*entered = number;
	must(write(fileno(output), "handler\n", 8), "write");
}

static void fill_pipe(int fd)
{
	static const char data[4096];

	must(fcntl(fd, F_SETFL, O_NONBLOCK), "fcntl");
	while (write(fd, data, sizeof(data)) > 0)
		;
	must(fcntl(fd, F_SETFL, 0), "fcntl");
}

/* A process that waits for room in its output, a stream as printf() has one. */
static pid_t start_printer(int fd, void (*handler)(int number))
{
	pid_t child = start();

	if (child)
		return child;
	output = fdopen(fd, "w");
	if (!output || setvbuf(output, NULL, _IOLBF, BUFSIZ))
		fault("fdopen: %s", strerror(errno));
	handle(SIGUSR1, handler, SA_RESTART);
	fprintf(output, "main\n");
	_exit(0);
}

struct printed {
	int mains;
	int handlers;
	bool hangs;
};

static void count_words(struct printed *printed, const char *text, long length)
{
	for (long i = 0; i < length; i++) {
		printed->mains += text[i] == 'm';
		printed->handlers += text[i] == 'h';
	}
}

/* A process that is about to look once more at what it waits for seems to sleep. */
static bool stays_asleep(pid_t child)
{
	for (int i = 0; i < 1000; i++) {
		if (!sleeps(child))
			return false;
		wait_a_little();
	}
	return true;
}

/* Who sleeps though there is room waits for something that will not come. */
static void drain(struct printed *printed, int input, pid_t printer)
{
	char text[4096];
	bool last = false;

	must(fcntl(input, F_SETFL, O_NONBLOCK), "fcntl");
	for (;;) {
		long length = read(input, text, sizeof(text));

		count_words(printed, text, length);
		if (length > 0)
			continue;
		if (last)
			break;
		printed->hangs = stays_asleep(printer);
		last = true;
	}
}

static struct printed interrupt_printf(void (*handler)(int number))
{
	struct printed printed = { 0 };
	pid_t printer;
	int ends[2];

	make_pipe(ends, 0);
	fill_pipe(ends[1]);
	*entered = 0;
	printer = start_printer(ends[1], handler);
	if (!sleeps(printer))
		fault("a process did not wait for room in its output");
	must(kill(printer, SIGUSR1), "kill");
	until(entered, SIGUSR1);
	sleeps(printer);
	drain(&printed, ends[0], printer);
	end_now(printer);
	return printed;
}

static void check_printf(void)
{
	struct printed printed, written;

	entered = shared_memory(sizeof(*entered));
	printed = interrupt_printf(print_in_handler);
	observe("printf(\"main\\n\") waits for room; a handler's printf(\"handler\\n\") interrupts "
		"it: 'main' comes %d times, 'handler' %d times%s.", printed.mains,
		printed.handlers, printed.hangs ? ", and the process hangs" : "");
	written = interrupt_printf(write_in_handler);
	part(written.mains == 1 && written.handlers == 1 && !written.hangs,
	     "With write() in the handler each comes once.");
	if (printed.hangs)
		conclude("hangs");
	else if (printed.mains == 1 && printed.handlers == 1)
		conclude("intact");
	else
		conclude(printed.mains > 1 ? "text twice" : "text lost");
}

const struct claim signal_claims[] = {
	{
		.row = "43",
		.lectures = "S0 S1 S2",
		.text = "SIGKILL and SIGSTOP cannot be caught",
		.says = "Neither SIGKILL nor SIGSTOP can be caught or ignored.",
		.page = "signal(7)",
		.check = check_uncatchable,
		.outcomes = { { "so", VERDICT_TRUE } },
	}, {
		.row = "48",
		.lectures = "S2",
		.text = "a handler blocks its own signal",
		.says = "While a handler runs, the same signal is blocked without further ado.",
		.page = "sigaction(2)",
		.check = check_own_signal,
		.outcomes = { { "so", VERDICT_TRUE } },
	}, {
		.row = "51",
		.lectures = "S0 S1 S2",
		.text = "SIGUSR1 and SIGUSR2 are there to be used",
		.says = "Both are left to applications.",
		.page = "signal(7)",
		.check = check_user_signals,
		.outcomes = { { "so", VERDICT_TRUE } },
		.note = "The kernel sends neither of its own accord.",
	}, {
		.row = "55",
		.lectures = "S2",
		.text = "handlers run on the same stack",
		.says = "A handler usually works in the stack of the process, onto which the "
			"kernel pushes its activation.",
		.page = "sigaltstack(2)",
		.check = check_stack,
		.outcomes = { { "so", VERDICT_TRUE }, { "elsewhere", VERDICT_OUTDATED } },
	}, {
		.row = "57",
		.lectures = "S1 S2 S4",
		.text = "of pending signals the least comes first",
		.says = "A signal is only marked as pending, and delivered on the way back to "
			"user mode: of 'pending & ~blocked' the least bit first.",
		.page = "signal(7)",
		.check = check_order,
		.outcomes = { { "so", VERDICT_TRUE } },
	}, {
		.row = "60",
		.lectures = "S1 S2",
		.text = "standard signals are not queued",
		.says = "A second SIGUSR1 that comes before the first was handled is lost; "
			"signals cannot count events.",
		.page = "signal(7)",
		.check = check_one_bit,
		.outcomes = { { "so", VERDICT_TRUE } },
	}, {
		.row = "61",
		.lectures = "S1",
		.text = "real-time signals keep a count",
		.says = "Real-time signals are queued, so that each one that was sent is "
			"handled.",
		.page = "signal(7)",
		.check = check_count,
		.outcomes = { { "so", VERDICT_TRUE } },
	}, {
		.row = "A2.18",
		.lectures = "S4",
		.text = "a handler may call printf",
		.says = "A sample calls printf() in a handler, against the lecture's own rule "
			"that it must be reentrant.",
		.page = "signal-safety(7)",
		.check = check_printf,
		.outcomes = {
			{ "intact", VERDICT_TRUE },
			{ "text twice", VERDICT_OUTDATED },
			{ "text lost", VERDICT_OUTDATED },
			{ "hangs", VERDICT_OUTDATED },
		},
	},
	{ 0 }
};
