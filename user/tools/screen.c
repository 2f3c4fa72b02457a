// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <time.h>
#include <unistd.h>

#include "output.h"
#include "screen.h"

#define NSEC_PER_SEC	INT64_C(1000000000)
#define COUNT(a)	(sizeof(a) / sizeof((a)[0]))

/*
 * The alternate screen, no cursor, and nothing that runs over the right edge.
 * A terminal that lacks one of them takes no notice; the one without a second
 * screen is at least left empty.
 */
#define ENTER	"\033[?1049h\033[?25l\033[?7l\033[H\033[J"
#define LEAVE	"\033[m\033[H\033[J\033[?7h\033[?25h\033[?1049l"

/*
 * @signals: blocked while the screen is open, and read from @signal_fd
 * @old_mask: what was blocked before
 * @has_keys: standard input is a terminal, too
 * @old_modes: those that the terminal had when it was taken
 * @taken: it has to be given back
 * @ready: it can be drawn on, which it cannot after a stop
 * @fatal: a signal that is to end us as soon as the terminal is given back
 */
static struct {
	sigset_t signals;
	sigset_t old_mask;
	int signal_fd;
	bool has_keys;
	struct termios old_modes;
	bool taken;
	bool ready;
	int fatal;
} screen;

bool screen_is_there(void)
{
	const char *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && term && *term && strcmp(term, "dumb") != 0;
}

void screen_size(int *width, int *height)
{
	struct winsize size = { 0 };

	ioctl(STDOUT_FILENO, TIOCGWINSZ, &size);
	*width = size.ws_col ? size.ws_col : 80;
	*height = size.ws_row ? size.ws_row : 24;
}

int screen_write(const char *data, size_t len)
{
	while (len) {
		ssize_t done = write(STDOUT_FILENO, data, len);

		if (done < 0)
			return -errno;
		data += done;
		len -= done;
	}
	return 0;
}

/* Keys come at once and are not shown; none of them holds the output back. */
static void take_keys(void)
{
	struct termios modes;

	if (!screen.has_keys)
		return;
	if (!screen.taken)
		tcgetattr(STDIN_FILENO, &screen.old_modes);
	modes = screen.old_modes;
	modes.c_lflag &= ~(ICANON | ECHO);
	modes.c_iflag &= ~IXON;
	modes.c_cc[VMIN] = 1;
	modes.c_cc[VTIME] = 0;
	tcsetattr(STDIN_FILENO, TCSANOW, &modes);
}

static void take(void)
{
	take_keys();
	screen.taken = true;
	screen.ready = true;
	screen_write(ENTER, strlen(ENTER));
}

/* Whoever sets a terminal from there is stopped, even on the way to its end. */
static bool in_background(void)
{
	return screen.has_keys && tcgetpgrp(STDIN_FILENO) != getpgrp();
}

static void give_back(void)
{
	if (!screen.taken)
		return;
	screen_write(LEAVE, strlen(LEAVE));
	if (screen.has_keys && !in_background())
		tcsetattr(STDIN_FILENO, TCSANOW, &screen.old_modes);
	screen.taken = false;
	screen.ready = false;
}

/* A signal that was ignored stays so. */
static void collect_signals(void)
{
	static const int signals[] = {
		SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH
	};
	struct sigaction old;

	sigemptyset(&screen.signals);
	for (size_t i = 0; i < COUNT(signals); i++)
		if (!sigaction(signals[i], NULL, &old) && old.sa_handler != SIG_IGN)
			sigaddset(&screen.signals, signals[i]);
}

int screen_open(void)
{
	collect_signals();
	screen.has_keys = isatty(STDIN_FILENO);
	screen.signal_fd = signalfd(-1, &screen.signals, SFD_CLOEXEC | SFD_NONBLOCK);
	if (screen.signal_fd < 0)
		return -errno;
	sigprocmask(SIG_BLOCK, &screen.signals, &screen.old_mask);
	return 0;
}

void screen_close(void)
{
	give_back();
	close(screen.signal_fd);
	if (screen.fatal)
		raise(screen.fatal);
	sigprocmask(SIG_SETMASK, &screen.old_mask, NULL);
}

/* As @signal, SIGTSTP or SIGTTOU, does to those who do not care for it. */
static void stop(int signal)
{
	sigset_t set, old;

	give_back();
	sigemptyset(&set);
	sigaddset(&set, signal);
	raise(signal);
	sigprocmask(SIG_UNBLOCK, &set, &old);
	sigprocmask(SIG_SETMASK, &old, NULL);
}

/* SCREEN_TIME if the wait goes on. */
static enum screen_event take_signal(void)
{
	struct signalfd_siginfo info;

	if (read(screen.signal_fd, &info, sizeof(info)) != sizeof(info))
		return SCREEN_TIME;
	switch (info.ssi_signo) {
	case SIGTSTP:
		stop(SIGTSTP);
		return SCREEN_TIME;
	case SIGCONT:
		screen.ready = false;
		return SCREEN_TIME;
	case SIGWINCH:
		return screen.ready ? SCREEN_REDRAW : SCREEN_TIME;
	case SIGHUP:
	case SIGQUIT:
		screen.fatal = info.ssi_signo;
		break;
	}
	return SCREEN_INTERRUPTED;
}

/*
 * The terminal is taken as soon as it can be. A process group that nobody could
 * continue is not stopped in the background, and has to ask again.
 */
static enum screen_event take_terminal(void)
{
	if (!in_background()) {
		take();
		return SCREEN_REDRAW;
	}
	stop(SIGTTOU);
	poll(NULL, 0, 100);
	return SCREEN_TIME;
}

/* What comes with an escape is a key with a name, and none of its letters. */
static enum screen_event take_key(char *key)
{
	if (read(STDIN_FILENO, key, 1) != 1)
		return SCREEN_GONE;
	if (*key == '\033')
		tcflush(STDIN_FILENO, TCIFLUSH);
	return SCREEN_KEY;
}

static struct timespec time_until(int64_t deadline)
{
	int64_t left = deadline - time_now();

	if (left < 0)
		left = 0;
	return (struct timespec) { left / NSEC_PER_SEC, left % NSEC_PER_SEC };
}

/* A signal goes first: the one that ends us can be there before the terminal is. */
enum screen_event screen_wait(int64_t deadline, char *key)
{
	enum screen_event event = SCREEN_TIME;

	while (event == SCREEN_TIME) {
		struct timespec left = time_until(screen.ready ? deadline : 0);
		struct pollfd fds[] = {
			{ .fd = screen.signal_fd, .events = POLLIN },
			{ .fd = screen.has_keys ? STDIN_FILENO : -1, .events = POLLIN },
		};

		if (ppoll(fds, 2, &left, NULL) < 0)
			continue;
		if (fds[0].revents)
			event = take_signal();
		else if (!screen.ready)
			event = take_terminal();
		else if (fds[1].revents)
			event = take_key(key);
		else
			break;
	}
	return event;
}
