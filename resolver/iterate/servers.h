/*
 * servers.h - what we have learned about authorities, by address.
 *
 * Smoothed RTT, failures, EDNS and 0x20 behaviour, cookies, and how many exchanges are out to
 * a server and to a zone.  A server once down always gets another chance: its penalty fades and
 * it is probed (threats C15).  One per worker, bounded (LIMIT_SERVERS), never persistent by
 * itself; servers_save/_load exchange the RTTs with the store.  Chooses nothing (select.h).
 *
 * Between calls: a server with exchanges out is never forgotten; every servers_take that said
 * TAKE_OK is followed by exactly one servers_release.
 */
#ifndef ITERATE_SERVERS_H
#define ITERATE_SERVERS_H

#include "resolver/base/address.h"
#include "resolver/base/now.h"
#include "resolver/base/rng.h"
#include "resolver/wire/edns.h"

struct servers;

/* Owned.  count: most addresses remembered.  NULL: no memory. */
struct servers *servers_new(size_t count, const struct siphash_key *key);
void servers_free(struct servers *s); /* takes NULL */

enum server_health {
	SERVER_UP,    /* or unknown */
	SERVER_DOWN,  /* failed lately: only when nobody else is left */
	SERVER_PROBE, /* its penalty is over: one exchange may find out */
};

/* What is known of one server, by value. */
struct server {
	enum server_health health;
	bool measured;      /* the two times below come from replies */
	uint32_t srtt_ms, variance_ms;
	uint32_t failures;  /* in a row: nobody answered, or the network said no */
	uint32_t out;       /* exchanges under way */
	bool plain;         /* refused EDNS at least twice lately, and never used it */
	bool no_tcp;        /* refused or ignored TCP three times in a row: threats C16 */
	bool lame;          /* was found not to serve the zone: servers_on_lame */
	bool loses_case;    /* answers with the question in another case, or not at all: no 0x20 */
	bool keeps_case;    /* has answered lately when it was asked with 0x20 */
	uint8_t cookie_len; /* server cookie; 0: none known */
	uint8_t cookie[COOKIE_SERVER_MAX];
};

/*
 * Zones are counted by a keyed hash of their name.  0 stands for what is forwarded: it may be
 * everything, so neither its servers nor it are capped here (LIMIT_TASKS is).
 */
uint64_t servers_zone(const struct servers *s, const struct name *zone);

/* zone: lame is about that one. */
struct server servers_find(const struct servers *s, struct now now, const struct address *a,
                           uint64_t zone);

enum take {
	TAKE_OK,
	TAKE_SERVER_FULL, /* LIMIT_SERVER_OUT */
	TAKE_ZONE_FULL,   /* LIMIT_ZONE_OUT: water torture, threats C10 */
};

enum zone_scope {
	ZONE_CAPPED,
	ZONE_WIDE, /* the root and top-level domains: a cold cache has many questions for them */
};

/* Other caps than those of limits.h. */
void servers_set_caps(struct servers *s, uint32_t zone_out, uint32_t server_out);

enum take servers_take(struct servers *s, struct now now, const struct address *a, uint64_t zone,
                       enum zone_scope scope);
void servers_release(struct servers *s, const struct address *a, uint64_t zone);

/* sent_ms: when the exchange began, on the life clock. */
void servers_on_reply(struct servers *s, struct now now, const struct address *a, int64_t sent_ms);
/* patient: it was given all the time it usually needs; if not only its family is in doubt. */
void servers_on_silence(struct servers *s, struct now now, const struct address *a, int64_t sent_ms,
                        bool patient);
/* The network said no; reached: the host itself did, so its family works. */
void servers_on_error(struct servers *s, struct now now, const struct address *a, int64_t sent_ms,
                      bool reached);
/* TCP has its own record: many servers that answer over UDP do not offer it. */
void servers_on_tcp(struct servers *s, struct now now, const struct address *a, bool worked);

/* Capabilities, told only after a reply that matched in full (threats A11). */
void servers_on_edns(struct servers *s, struct now now, const struct address *a);
void servers_on_plain(struct servers *s, struct now now, const struct address *a);
void servers_on_lost_case(struct servers *s, struct now now, const struct address *a);
void servers_on_kept_case(struct servers *s, struct now now, const struct address *a);
/* It failed with 0x20, and answered without.  Perhaps by chance, so it has to happen twice. */
void servers_on_hated_case(struct servers *s, struct now now, const struct address *a);
/* len 0 forgets. */
void servers_on_cookie(struct servers *s, struct now now, const struct address *a,
                       const uint8_t *cookie, size_t len);

/* A server that does not serve a zone it should: asked last for a while. */
void servers_on_lame(struct servers *s, struct now now, const struct address *a, uint64_t zone);

/* False: nothing has come back from this family lately, and it was tried a moment ago. */
bool servers_family_works(const struct servers *s, struct now now, uint8_t family);

/*
 * The measured RTTs, as many as fit, as octets for the store; returns the
 * length, at most size.  Loading takes what it can read and ignores the rest.
 */
size_t servers_save(const struct servers *s, uint8_t *out, size_t size);
void servers_load(struct servers *s, struct now now, const uint8_t *octets, size_t len);

#endif
