/* SPDX-License-Identifier: GPL-2.0-only */
/* A client and a server, which are the same over each carrier. */
#ifndef EXAMPLES_STORY_H
#define EXAMPLES_STORY_H

#include "carrier.h"

typedef void connector(struct carrier *client, struct carrier *server);

void tell_story(connector *connect);

#endif /* EXAMPLES_STORY_H */
