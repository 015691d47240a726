/*
 * log.h - one line to stderr (and so to the journal), by level, rate-limited by message.
 *
 * A message is known by its format string: more than `per_second` lines of one are counted and
 * summed up later in one line.  Client names and questions appear at debug level only.  Never
 * blocks: a full pipe loses the line (threats I13).  One per process.
 */
#ifndef SERVER_LOG_H
#define SERVER_LOG_H

#include "resolver/base/now.h"
#include "resolver/server/config.h"

enum { LOG_SITES = 64 };

struct log {
	enum log_level level;
	uint32_t per_second;
	bool journal;         /* prefix lines with a syslog priority: sd-daemon(3) */
	char who[16];         /* "warrend", "keeper", "worker 0" */
	int64_t now_s;        /* life clock seconds, kept by log_at() */
	struct {
		const char *format;
		int64_t second;
		uint32_t lines, kept_back;
	} sites[LOG_SITES];
};

void log_init(struct log *l, enum log_level level, uint32_t per_second, const char *who);
/* The time of this loop turn; tells of lines that were kept back. */
void log_at(struct log *l, struct now now);

/* l may be NULL: somebody else says it. */
void log_write(struct log *l, enum log_level level, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#define log_error(l, ...) log_write(l, LOG_LEVEL_ERROR, __VA_ARGS__)
#define log_warning(l, ...) log_write(l, LOG_LEVEL_WARNING, __VA_ARGS__)
#define log_notice(l, ...) log_write(l, LOG_LEVEL_NOTICE, __VA_ARGS__)
#define log_info(l, ...) log_write(l, LOG_LEVEL_INFO, __VA_ARGS__)
#define log_debug(l, ...) log_write(l, LOG_LEVEL_DEBUG, __VA_ARGS__)

#endif
