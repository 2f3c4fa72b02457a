/* SPDX-License-Identifier: GPL-2.0-only */
/* A RabbitMQ broker of our own, on the loopback interface. */
#ifndef IPCBENCH_RABBITMQ_SERVER_H
#define IPCBENCH_RABBITMQ_SERVER_H

#include <sys/types.h>

/* As in struct mechanism. */
const char *rabbitmq_absent(void);
int rabbitmq_start(void);
void rabbitmq_stop(void);
pid_t rabbitmq_pid(void);

/* Where it listens for AMQP. */
int rabbitmq_port(void);

#endif /* IPCBENCH_RABBITMQ_SERVER_H */
