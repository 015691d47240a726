/*
 * notify.h - tells the service manager how we are: sd_notify(3), where libsystemd was found.
 */
#ifndef SERVER_NOTIFY_H
#define SERVER_NOTIFY_H

#include "resolver/server/log.h"

void notify_ready(struct log *l);
void notify_reloading(struct log *l);
void notify_stopping(struct log *l);

#endif
