/*
 * limits.h - every bound, with its unit and its reason.
 *
 * A loop or a table whose size somebody outside can choose has its limit here and nowhere
 * else.  Where an operator may change one, config carries it and this is the default.
 */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

enum {
	/* One client question, children included (struct budget). */
	LIMIT_SENDS = 64,              /* packets upstream; NXNSAttack, CVE-2020-12667 */
	LIMIT_RECEIVED = 128 << 10,    /* octets from upstream */
	LIMIT_QUESTION_MS = 8000,      /* wall clock of one question; clients give up earlier */
	LIMIT_TIMEOUTS = 8,            /* unanswered exchanges */
	LIMIT_BOGUS_RETRIES = 2,       /* other servers asked after a bogus answer, for each link of a chain */
	LIMIT_REFERRALS = 32,          /* iDNS, CVE-2014-8500 */
	LIMIT_ALIASES = 11,            /* CNAME and DNAME steps; "DNS Unchained" */
	LIMIT_ADDRESS_FETCHES = 10,    /* server names looked up */
	LIMIT_DEAD_FETCHES = 5,        /* server names without address: NXNSAttack */
	LIMIT_VERIFIES = 64,           /* signatures, one a packet: aliases through signed zones, all of them cold */
	LIMIT_VERIFY_FAILURES = 4,     /* of them wrong: KeyTrap, CVE-2023-50387 */
	LIMIT_NSEC3_HASHES = 128,      /* names hashed, each within LIMIT_NSEC3_ITERATIONS: CVE-2023-50868 */
	LIMIT_DEPTH = 5,               /* address of a server of a server ... */
	LIMIT_CHAIN_DEPTH = 64,        /* DS and DNSKEY tasks above one another: two per label */
	LIMIT_TASK_BYTES = 768 << 10,  /* arena of one task */

	/* One step. */
	LIMIT_TIMEOUT_FIRST_MS = 376,  /* for a server never heard of */
	LIMIT_TIMEOUT_MIN_MS = 100,    /* below this a busy server looks like a dead one */
	LIMIT_TIMEOUT_MAX_MS = 3000,
	LIMIT_TIMEOUT_TCP_MS = 3000,   /* connecting included */
	LIMIT_TRIES = 3,               /* per server and transport; RFC 9520 section 3.1 */
	LIMIT_STEP_SENDS = 12,         /* packets at one cut for one name: threats C8 */
	LIMIT_EXCHANGES_OUT = 3,       /* of one walk at the same time: racing families */
	LIMIT_NS_KEPT = 20,            /* NS names of one delegation kept; NRDelegation */
	LIMIT_NS_USED = 13,            /* of them used */
	LIMIT_NS_ADDRESSES = 6,        /* addresses per NS name; CVE-2026-3592 */
	LIMIT_MINIMISE_STEPS = 10,     /* RFC 9156 section 2.3 MAX_MINIMISE_COUNT */
	LIMIT_MINIMISE_ONE_LABEL = 4,  /* RFC 9156 section 2.3 MINIMISE_ONE_LAB */
	LIMIT_CAPABILITY_MS = 900000,  /* a server remembered as without EDNS or 0x20: threats A11 */
	LIMIT_LAME_MS = 900000,        /* a server remembered as lame for a zone */
	LIMIT_PARENT_AGAIN_MS = 60000, /* between two questions to the parent whether a failing zone has moved;
	                                  RFC 9520 section 3.3: no oftener than the zone's own failures are forgotten */
	LIMIT_BADCOOKIES = 2,          /* in a row from one server, then TCP; RFC 7873 section 5.3 */
	LIMIT_RRSIGS_KEPT = 8,         /* per RRset */
	LIMIT_RRSIGS_TRIED = 4,
	LIMIT_SET_VERIFIES = 16,       /* signatures tried for one RRset */
	LIMIT_SAME_TAG_KEYS = 2,
	LIMIT_DS_TRIED = 8,
	LIMIT_RSA_BITS_MIN = 1024,     /* the root's ZSK shrinks to 1536 during its algorithm roll */
	LIMIT_RSA_BITS_MAX = 4096,     /* 92 us a signature; cost grows with the cube: threats D4 */
	LIMIT_ANCHORS = 256,           /* DS and DNSKEY records configured as trust anchors */
	LIMIT_ANCHORS_PENDING = 16,    /* of one zone: a stolen key cannot fill the list with its own */
	LIMIT_ANCHOR_VOUCHERS = 8,     /* signers remembered of a pending one; of fewer it begins anew sooner */
	LIMIT_ANCHOR_OCTETS = 4096,    /* RDATA of one trust anchor; RSA of 4096 bits takes 520 */
	LIMIT_ANCHOR_TEXT = 1 << 20,   /* octets of an anchor state file */
	LIMIT_ROOT_ANCHORS = 64,       /* KeyDigests of root-anchors.xml */
	LIMIT_ROOT_ANCHORS_BYTES = 1 << 20,
	LIMIT_NTAS = 4096,             /* negative trust anchors in force */
	LIMIT_ANCHOR_BYTES = 2 << 20, /* memory of a set of anchors, a slot a record and zone */
	LIMIT_KEYS_KEPT = 1024,        /* parsed public keys of one worker */
	LIMIT_PROOFS_KEPT = 8192,      /* signatures one worker remembers to be right: 256 KiB */
	LIMIT_NSEC3_ITERATIONS = 50,   /* salt blocks included; RFC 9276 section 3.2 */
	LIMIT_PROOF_SETS = 8,          /* NSEC or NSEC3 RRsets looked at in one answer: CVE-2026-11605 */
	LIMIT_ANY_SETS = 8,            /* RRsets of an upstream ANY answer */

	/* Codec. */
	LIMIT_ZONETEXT_LINE = 64 << 10, /* characters of one record, all its lines; on the stack */
	LIMIT_NAME_POINTERS = 127,     /* compression pointers followed in one name */
	LIMIT_COMPRESSION_TARGETS = 120, /* names remembered while writing: CVE-2024-8508 */
	LIMIT_COMPRESSION_SEARCH = 400000, /* targets looked at while writing one message; then
	                                      names go out whole */
	LIMIT_EDNS_OPTIONS = 32,       /* CVE-2026-41292 */
	LIMIT_MESSAGE_RECORDS = 2048,  /* of one message, signatures included: CVE-2023-4408 */
	LIMIT_MESSAGE_SETS = 512,      /* RRsets of one message */
	LIMIT_SET_RECORDS = 256,       /* CVE-2024-1737 */
	LIMIT_SET_BYTES = 16 << 10,    /* of all RDATA */
	LIMIT_KEY_SET_BYTES = 32 << 10, /* the same of a DNSKEY RRset */
	LIMIT_NAME_TYPES = 100,        /* types of one name in the cache, and as many that fail */
	LIMIT_NAME_ITEMS = 128,        /* entries of all kinds at one name in a worker's memory: one hash chain */
	LIMIT_COOKIE_AGE_S = 3600,     /* server cookies older than that are bad: RFC 9018 section 4.3 */
	LIMIT_COOKIE_FUTURE_S = 300,   /* and those from farther ahead */
	LIMIT_COOKIE_RENEW_S = 1800,   /* older than that: a fresh one is sent along */
	LIMIT_UDP_SIZE = 1232,         /* both directions; RFC 9715 */
	LIMIT_UDP_SIZE_MAX = 4096,     /* highest that may be configured */
	LIMIT_MESSAGE_BYTES = 65535,

	/* Cache. */
	LIMIT_TTL = 86400,             /* seconds */
	LIMIT_NEGATIVE_TTL = 3600,
	LIMIT_FAILURE_S = 5,           /* first time; doubles; RFC 9520 section 3.2 */
	LIMIT_FAILURE_MAX_S = 60,
	LIMIT_BOGUS_S = 60,
	LIMIT_STALE_TTL = 30,          /* RFC 8767 section 4 */
	LIMIT_STALE_TIMER_MS = 1800,   /* client response timer */
	LIMIT_STALE_RECHECK_S = 30,    /* failure recheck timer */
	LIMIT_STALE_WINDOW_S = 86400,  /* maximum stale timer; 1 to 3 days */
	LIMIT_ENTRY_BYTES = 32 << 10,  /* one entry, signatures and proofs included */
	LIMIT_TURN_BYTES = 128 << 10,  /* one message from a worker to the keeper */

	/* One worker. */
	LIMIT_TASKS = 4096,            /* recursions in flight */
	LIMIT_REFRESHES = 64,          /* of them, those nobody waits for: prefetch, stale, priming */
	LIMIT_JOSTLE_MS = 500,         /* when full, a question older than this makes room: threats D13 */
	LIMIT_WAITERS = 100,           /* clients on one question */
	LIMIT_ZONE_OUT = 200,          /* exchanges out to one zone below a TLD: water torture, threats C10 */
	LIMIT_SERVER_OUT = 400,        /* exchanges out to one address */
	LIMIT_SERVERS = 65536,         /* servers whose RTT is remembered */
	LIMIT_NETWORKS = 65536,        /* entries whose askers are remembered in TTL mode strict; then forgotten */
	LIMIT_CLIENT_WAITING = 500,    /* replies one client host or /56 waits for */
	LIMIT_CLIENT_WAITING_COOKIE = 5000,
	LIMIT_LATE_MS = 1800,          /* UDP answers later than this are dropped over the share: DNSBomb */
	LIMIT_UDP_BATCH = 32,          /* datagrams per recvmmsg */
	LIMIT_CLIENTS_WAITING = 65536, /* all together; a few hundred octets each */
	LIMIT_LATE_SHARE = 10,         /* the share is a tenth of what a client may wait for */
	LIMIT_TCP_CLIENTS = 4096,
	LIMIT_TCP_PER_HOST = 64,
	LIMIT_TCP_IN_FLIGHT = 32,      /* questions of one connection: RFC 7766 section 6.2.1.1 */
	LIMIT_TCP_UNSENT = 64 << 10,   /* octets; then we stop reading */
	LIMIT_TCP_UNSENT_MAX = 512 << 10, /* octets of replies nobody fetches; then we close: threats T3 */
	LIMIT_TCP_ACCEPTS = 32,        /* connections taken in one turn of one listener */
	LIMIT_TCP_ACCEPT_PAUSE_MS = 50, /* when descriptors have run out: threats T15 */
	LIMIT_TCP_IDLE_MS = 10000,     /* shrinks to LIMIT_TCP_IDLE_MIN_MS as slots fill */
	LIMIT_TCP_IDLE_MIN_MS = 1000,
	LIMIT_TCP_READ_MS = 5000,      /* for one whole message: slowloris */
	LIMIT_TCP_OUT_IDLE_MS = 10000, /* kept upstream connection */
	LIMIT_TCP_OUT_IN_FLIGHT = 100,
	LIMIT_TCP_OUT = 512,           /* upstream connections */
	LIMIT_TCP_OUT_ORPHANS = 8,     /* late replies one of them may owe before it takes no more */
	LIMIT_BIND_TRIES = 16,         /* sources drawn for one exchange */

	/* Control and config. */
	LIMIT_CONTROL_BYTES = 64 << 10, /* one request */
	LIMIT_CONTROL_CLIENTS = 16,    /* at the same time */
	LIMIT_CONTROL_IDLE_MS = 10000, /* for a request, and between octets that a client takes */
	LIMIT_CONTROL_UNSENT = 8 << 20, /* octets of an answer that a client has not taken yet */
	LIMIT_EXPLANATIONS = 4,        /* questions explained at once by one worker; a power of two */
	LIMIT_TRACE_EVENTS = 400,      /* of one question explained: 300 KiB; its budgets allow few more */
	LIMIT_CONTROL_ASK_MS = 5000,   /* for a worker or the keeper to do its part */
	LIMIT_CONFIG_BYTES = 16 << 20,
	LIMIT_CONFIG_MEMORY = 256 << 20, /* octets a parsed configuration may take */
	LIMIT_LOG_PER_SECOND = 10,     /* lines of one message */
	LIMIT_WORKERS = 64,
	LIMIT_NTA_S = 7 * 86400,       /* RFC 7646 section 2 */
	LIMIT_NTA_CHECK_S = 3600,      /* between two looks whether one is needed, RFC 7646 section 2 */
};

#endif
