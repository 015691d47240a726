/*
 * config.h - what the operator decided, as a plain struct.
 *
 * Made in one go from the text of one YAML file: config_parse() starts from the defaults, fills,
 * then checks the whole; after that it is const, and a reload makes a new one.  Which keys there
 * are, their ranges, units, defaults and words for the manual stand in one table
 * (config_table.c).  Opens no file but in config_read_file(), and resolves no names.
 *
 * Units: _ms milliseconds, _s seconds, _octets octets, _permille thousandths.
 */
#ifndef SERVER_CONFIG_H
#define SERVER_CONFIG_H

#include "resolver/base/address.h"
#include "resolver/base/arena.h"
#include "resolver/wire/name.h"
#include <stdio.h>

/* Where in the file; line 0: not from the file but a default. */
struct config_mark {
	unsigned line, column; /* from 1 */
};

struct config_addresses {
	size_t count;
	struct address *items; /* port 0: not said */
};

struct config_prefixes {
	size_t count;
	struct prefix *items;
};

struct config_names {
	size_t count;
	struct name *items;
};

/* Records in presentation format, already read once without an error: feed zonetext_of(). */
struct config_records {
	size_t len; /* 0: none */
	char *text; /* ends in a newline and a NUL */
};

enum { CONFIG_SECRET_OCTETS = 16 };

struct config_secret {
	bool given;
	uint8_t octets[CONFIG_SECRET_OCTETS]; /* not given: what the supervisor has drawn */
};

enum log_level {
	LOG_LEVEL_ERROR,
	LOG_LEVEL_WARNING,
	LOG_LEVEL_NOTICE,
	LOG_LEVEL_INFO,
	LOG_LEVEL_DEBUG
};

enum minimisation { MINIMISATION_OFF, MINIMISATION_RELAXED, MINIMISATION_STRICT };

enum config_ttl { TTL_POLICY_OFF, TTL_POLICY_PRIVATE, TTL_POLICY_STRICT };

/* What becomes of a system call that is not on the list. */
enum config_seccomp { SECCOMP_OFF, SECCOMP_LOG, SECCOMP_REFUSE, SECCOMP_KILL };

enum block_action { BLOCK_NXDOMAIN, BLOCK_NODATA, BLOCK_ADDRESS, BLOCK_REFUSE };

/* A forward or a stub zone. */
struct config_zone {
	struct config_mark at;
	struct name zone;
	struct config_addresses servers;
	bool first; /* forward zones: resolve ourselves when all of them fail */
};

struct config_zones {
	size_t count;
	struct config_zone *items;
};

struct config_block {
	struct config_mark at;
	struct name name;
	enum block_action action;
	struct config_addresses addresses; /* BLOCK_ADDRESS: at least one */
	bool subtree;
};

struct config_blocks {
	size_t count;
	struct config_block *items;
};

struct config_server {
	struct config_addresses listen; /* every one with a port */
	uint32_t workers;               /* 0: one a core */
	char *user;                     /* "": stay who we are */
	char *run_dir;
	char *control_socket; /* "": run_dir/control */
	char *pid_file;       /* "": none */
	enum config_seccomp seccomp;
	bool landlock;
	char *identity, *version, *nsid; /* "": not told */
	struct config_prefixes allow, allow_snoop;
	uint32_t udp_size;
	bool tcp;
	bool minimal_answers, shuffle, extended_errors;
	bool cookies;
	struct config_secret cookie_secret;
	struct config_secret cookie_previous; /* no key: given by the supervisor once the secret has changed */
	enum log_level log_level;
};

struct config_upstream {
	struct config_addresses outgoing; /* empty: the kernel chooses; ports are 0 */
	bool ipv4, ipv6;
	uint32_t port;
	uint32_t udp_size;
	bool udp, tcp;
	enum minimisation minimisation;
	bool case_randomisation, race_families, cookies;
	bool priming, ask_unprompted;
	char *root_hints_file; /* "": root_hints, or the built-in ones */
	struct config_records root_hints;
	bool refuse_loopback, refuse_private;
	struct config_prefixes never_ask; /* addresses that are no servers for us */
	uint32_t timeout_first_ms, timeout_min_ms, timeout_max_ms, tcp_timeout_ms;
};

struct config_cache {
	char *directory;         /* snapshots; "": nothing is kept across a restart */
	char *live_directory;    /* the store in use, best on tmpfs; "": the run directory */
	uint64_t store_octets;   /* shared by all workers */
	uint64_t hot_octets;     /* each worker */
	uint64_t answers_octets; /* each worker */
	uint32_t ttl_min_s, ttl_max_s, negative_ttl_max_s;
	uint32_t failure_ttl_s, failure_ttl_max_s, bogus_ttl_s;
	enum config_ttl ttl_policy;
	uint32_t ttl_low_permille, ttl_high_permille; /* a and b of the policy */
	uint32_t strict_networks;                     /* k */
	bool prefetch;
	uint32_t prefetch_share_permille;
	bool serve_stale, stale_first;
	uint32_t stale_window_s, stale_timer_ms, stale_ttl_s, stale_recheck_s;
	uint32_t snapshot_interval_s; /* 0: only at shutdown */
	bool aggressive_denial;
};

struct config_validation {
	bool enabled;
	struct config_records trust_anchors; /* none: the built-in root anchors */
	char *anchor_file;                   /* "": cache directory/anchors */
	bool rfc5011;
	struct config_names never_validate, negative_anchors;
	uint32_t negative_anchor_s, negative_anchor_check_s;
	bool sentinel, key_tag_signal, allow_sha1;
	uint32_t clock_skew_s;
	bool time_floor;
	struct config_names time_servers; /* each with all names below it */
};

/* Answered here and never asked of others. */
struct config_special {
	bool localhost, invalid, test, example, onion, alt, local, home_arpa, resolver_arpa,
	    service_arpa, ipv4only_arpa, reverse_private, reverse_special;
};

struct config_rebinding {
	bool protect;
	struct config_names allow; /* each with all names below it */
};

struct config_local {
	struct config_records records;
	struct config_blocks blocks;
	uint32_t block_ttl_s;
};

struct config_limits {
	/* one client question */
	uint32_t sends, received_octets, question_ms, timeouts, referrals, aliases;
	uint32_t address_fetches, dead_fetches;
	uint32_t verifies, verify_failures, nsec3_hashes, nsec3_iterations;
	/* one worker */
	uint32_t tasks, waiters, zone_out, server_out;
	uint32_t client_waiting, client_waiting_cookie, late_ms;
	uint32_t tcp_clients, tcp_per_host, tcp_in_flight;
	uint32_t tcp_idle_ms, tcp_idle_min_ms, tcp_read_ms;
	uint32_t tcp_out, tcp_out_in_flight, tcp_out_idle_ms;
	uint32_t log_per_second;
};

struct config {
	struct arena *arena; /* owned; every pointer below points into it */
	struct config_server server;
	struct config_upstream upstream;
	struct config_cache cache;
	struct config_validation validation;
	struct config_special special;
	struct config_rebinding rebinding;
	struct config_zones forward, stub;
	struct config_local local;
	struct config_limits limits;
};

enum { CONFIG_WHAT_MAX = 400 };

struct config_error {
	struct config_mark at;      /* line 0: about the file as a whole */
	char what[CONFIG_WHAT_MAX]; /* in words, one line, printable */
};

/*
 * text -> *out, owned: free with config_free().  Empty text gives the defaults.
 * ERR_FORMAT: *why says what is wrong where; ERR_NOMEM; *out is set only on success.
 */
MUST_CHECK enum err config_parse(const char *text, size_t len, struct config **out,
				 struct config_error *why);
void config_free(struct config *c); /* takes NULL */

/*
 * The file at path, read completely and parsed.  ERR_IO: cannot be read, ERR_LIMIT: longer than
 * LIMIT_CONFIG_BYTES; both have words in *why.
 */
MUST_CHECK enum err config_read_file(const char *path, struct config **out,
				     struct config_error *why);

/* "warren.yaml:12:5: unknown key ...", NUL-terminated, cut when it does not fit. */
void config_error_text(const struct config_error *why, const char *file, char *out, size_t size);

/* Every key with its value, as YAML that parses to the same struct. */
void config_print(const struct config *c, FILE *out);

#endif
