#include "resolver/server/config_table.h"
#include "resolver/base/limits.h"
#include "resolver/wire/type.h"

static const char *const log_levels[] = { "error", "warning", "notice", "info", "debug", NULL };
static const char *const minimisations[] = { "off", "relaxed", "strict", NULL };
static const char *const ttl_policies[] = { "off", "private", "strict", NULL };
static const char *const seccomp_actions[] = { "no", "log", "yes", "kill", NULL };
static const char *const block_actions[] = { "nxdomain", "nodata", "address", "refuse", NULL };

enum {
	MINUTE = 60,
	QUARTER = 15 * MINUTE,
	HOUR = 3600,
	DAY = 86400,
	WEEK = 7 * DAY,
	MONTH = 30 * DAY,
	NAMES_MAX = 65536,
	ZONES_MAX = 4096,
};

/* Rows; a member is a path inside struct config. */
#define ROW(n, k, m, w) .name = (n), .kind = (k), .offset = offsetof(struct config, m), .words = (w)
#define BOOL(n, m, def, w)                                                                         \
	{                                                                                          \
		ROW(n, CONFIG_BOOL, m, w), .initial = (def)                                        \
	}
#define NUMBER(n, m, u, lo, hi, def, w)                                                            \
	{                                                                                          \
		ROW(n, CONFIG_NUMBER, m, w), .unit = (u), .min = (lo), .max = (hi),                \
					     .number = (def)                                       \
	}
#define SIZE(n, m, lo, hi, def, w)                                                                 \
	{                                                                                          \
		ROW(n, CONFIG_SIZE, m, w), .unit = UNIT_OCTETS, .min = (lo), .max = (hi),          \
					   .number = (def)                                         \
	}
#define CHOICE(n, m, c, def, w)                                                                    \
	{                                                                                          \
		ROW(n, CONFIG_ENUM, m, w), .choices = (c), .initial = (def)                        \
	}
#define TEXT(n, m, longest, def, w)                                                                \
	{                                                                                          \
		ROW(n, CONFIG_TEXT, m, w), .max = (longest), .initial = (def)                      \
	}
#define FILENAME(n, m, def, w)                                                                     \
	{                                                                                          \
		ROW(n, CONFIG_PATH, m, w), .max = CONFIG_PATH_MAX, .initial = (def)                \
	}
#define LIST(n, k, m, most, def, w)                                                                \
	{                                                                                          \
		ROW(n, k, m, w), .max = (most), .initial = (def)                                   \
	}
#define MIB ((uint64_t)1 << 20)

static const struct config_key server_keys[] = {
	{ ROW("listen", CONFIG_ADDRESSES, server.listen,
	      "Addresses to answer on, over UDP and TCP, with the port behind an @ (53 when not "
	      "said)."),
	  .port = PORT_DNS, .min = 1, .max = 64, .initial = "[\"127.0.0.1@53\", \"::1@53\"]" },
	NUMBER("workers", server.workers, UNIT_NONE, 0, LIMIT_WORKERS, 0,
	       "Processes that answer questions; 0 is one for each core."),
	TEXT("user", server.user, 32, "\"\"",
	     "User to become once the sockets are bound. Empty: stay who started us."),
	FILENAME(
	    "run-dir", server.run_dir, "\"/run/warren\"",
	    "Directory for the control socket and the live store. Who may not use the default gets "
	    "$XDG_RUNTIME_DIR/warren, or /tmp/warren-UID."),
	FILENAME("control-socket", server.control_socket, "\"\"",
		 "Path of the control socket, made with mode 0600. Empty: \"control\" in run-dir."),
	FILENAME("pid-file", server.pid_file, "\"\"",
		 "File to write the supervisor's process id to. Empty: none."),
	CHOICE("seccomp", server.seccomp, seccomp_actions, "yes",
	       "Let workers and keeper make only the system calls they need: others fail (yes), end the "
	       "process (kill), or are told to the audit log and made (log)."),
	BOOL("landlock", server.landlock, "yes",
	     "Let workers and keeper open only the files they need."),
	TEXT("identity", server.identity, 255, "\"\"",
	     "What CH TXT id.server and hostname.bind are told. Empty: REFUSED."),
	TEXT("version", server.version, 255, "\"\"",
	     "What CH TXT version.server and version.bind are told. Empty: REFUSED."),
	TEXT("nsid", server.nsid, 128, "\"\"",
	     "Name server identifier (RFC 5001) for clients that ask. Empty: none."),
	LIST("allow", CONFIG_PREFIXES, server.allow, 4096,
	     "[\"127.0.0.0/8\", \"::1\", \"10.0.0.0/8\", \"172.16.0.0/12\", \"192.168.0.0/16\", "
	     "\"100.64.0.0/10\", \"169.254.0.0/16\", \"fc00::/7\", \"fe80::/10\"]",
	     "Networks that are answered; all others get REFUSED, or their TCP connection closed."),
	LIST("allow-snoop", CONFIG_PREFIXES, server.allow_snoop, 4096, "[]",
	     "Networks that may ask with RD=0 what is in the cache; all others get REFUSED."),
	NUMBER("udp-size", server.udp_size, UNIT_NONE, 512, LIMIT_UDP_SIZE_MAX, LIMIT_UDP_SIZE,
	       "Octets of the largest UDP answer to a client, and what we tell it we accept."),
	BOOL("tcp", server.tcp, "yes", "Answer over TCP."),
	BOOL("minimal-answers", server.minimal_answers, "yes",
	     "Leave out authority and additional records that the client does not need."),
	BOOL("shuffle", server.shuffle, "yes",
	     "Draw the order of the records of a set anew for each answer."),
	BOOL("extended-errors", server.extended_errors, "yes",
	     "Tell clients why a question failed (RFC 8914), with a four-letter site code."),
	BOOL("cookies", server.cookies, "yes", "Give and check DNS cookies (RFC 7873, RFC 9018)."),
	{ ROW("cookie-secret", CONFIG_SECRET, server.cookie_secret,
	      "Key of the cookies, to share between servers of one address. Empty: drawn at "
	      "start. Cookies of the one before a reload stay good."),
	  .initial = "\"\"" },
	CHOICE("log-level", server.log_level, log_levels, "notice",
	       "The least important lines to log. Names of clients and questions appear only at "
	       "debug."),
	{ 0 },
};

static const struct config_key upstream_keys[] = {
	{ ROW("outgoing", CONFIG_ADDRESSES, upstream.outgoing,
	      "Addresses to ask from, one drawn for each question. Empty: what the routes say."),
	  .port = PORT_NEVER, .max = 256, .initial = "[]" },
	BOOL("ipv4", upstream.ipv4, "yes", "Ask over IPv4."),
	BOOL("ipv6", upstream.ipv6, "yes", "Ask over IPv6."),
	BOOL("udp", upstream.udp, "yes", "Ask over UDP first. No: TCP only."),
	BOOL("tcp", upstream.tcp, "yes",
	     "Ask over TCP where an answer was truncated or looks forged."),
	NUMBER("port", upstream.port, UNIT_NONE, 1, 65535, 53, "Port of authoritative servers."),
	NUMBER("udp-size", upstream.udp_size, UNIT_NONE, 512, LIMIT_UDP_SIZE_MAX, LIMIT_UDP_SIZE,
	       "Octets of the largest UDP answer we ask servers for."),
	CHOICE("minimisation", upstream.minimisation, minimisations, "relaxed",
	       "Show servers only the labels they need (RFC 9156). Relaxed asks in full where a "
	       "server does not understand; strict does not."),
	BOOL("case-randomisation", upstream.case_randomisation, "yes",
	     "Draw upper or lower case for each letter of a question and expect it back (0x20)."),
	BOOL("race-families", upstream.race_families, "yes",
	     "Ask over the other IP family soon after when the first is slow."),
	BOOL("cookies", upstream.cookies, "yes", "Send DNS cookies and hold servers to theirs."),
	BOOL("priming", upstream.priming, "yes",
	     "Ask the root servers who they are (RFC 9609) instead of trusting the hints."),
	BOOL("ask-unprompted", upstream.ask_unprompted, "yes",
	     "Ask questions no client caused: priming ahead of time, trust anchor probes, "
	     "refreshing. "
	     "No: nothing leaves without a client."),
	FILENAME("root-hints-file", upstream.root_hints_file, "\"\"",
		 "Zone file with the root servers. Empty: root-hints."),
	{ ROW("root-hints", CONFIG_RECORDS, upstream.root_hints,
	      "The root servers as lines of NS, A and AAAA records. Empty: the built-in ones."),
	  .max = 4096, .types = { TYPE_NS, TYPE_A, TYPE_AAAA }, .initial = "[]" },
	BOOL("refuse-loopback", upstream.refuse_loopback, "yes",
	     "Never ask a server whose delegation points to loopback or our own addresses."),
	BOOL("refuse-private", upstream.refuse_private, "yes",
	     "Never ask a server whose delegation points to a private address. Forward and stub "
	     "zones are not held to this."),
	LIST("never-ask", CONFIG_PREFIXES, upstream.never_ask, 4096, "[]",
	     "Networks in which no server is ever asked, whatever a delegation says."),
	NUMBER("timeout-first", upstream.timeout_first_ms, UNIT_MS, 10, 10000,
	       LIMIT_TIMEOUT_FIRST_MS,
	       "How long to wait for a server we know nothing about."),
	NUMBER("timeout-min", upstream.timeout_min_ms, UNIT_MS, 10, 10000, LIMIT_TIMEOUT_MIN_MS,
	       "The least to wait for any server."),
	NUMBER("timeout-max", upstream.timeout_max_ms, UNIT_MS, 10, 60000, LIMIT_TIMEOUT_MAX_MS,
	       "The most to wait for any server."),
	NUMBER("tcp-timeout", upstream.tcp_timeout_ms, UNIT_MS, 10, 60000, LIMIT_TIMEOUT_TCP_MS,
	       "How long to wait for an answer over TCP, connecting included."),
	{ 0 },
};

static const struct config_key cache_keys[] = {
	FILENAME("directory", cache.directory, "\"/var/cache/warren\"",
		 "Where snapshots of the store are kept across restarts; ours alone (mode 0700). Empty: nowhere; then what was "
		 "learned outlasts the daemon, and not the machine. Who may not use the default gets $XDG_CACHE_HOME/warren, or ~/.cache/warren."),
	FILENAME("live-directory", cache.live_directory, "\"\"",
		 "Where the store in use lives, best on tmpfs; ours alone (mode 0700). Empty: \"store\" in "
		 "server.run-dir. When it cannot be had each worker keeps what it learns in its own memory."),
	SIZE("store-size", cache.store_octets, MIB, MIB << 20, 256 * MIB,
	     "Size of the store all workers share; memory, if it lies on tmpfs. All caches together are "
	     "made smaller when they would take more than half of the memory that the machine or its "
	     "control group has."),
	SIZE("hot-size", cache.hot_octets, MIB, MIB << 16, 16 * MIB,
	     "Memory of each worker for record sets in use."),
	SIZE("answers-size", cache.answers_octets, MIB, MIB << 16, 32 * MIB,
	     "Memory of each worker for finished answers."),
	NUMBER("ttl-min", cache.ttl_min_s, UNIT_S, 0, DAY, 0, "Raise lower TTLs to this."),
	NUMBER("ttl-max", cache.ttl_max_s, UNIT_S, 0, MONTH, LIMIT_TTL, "Cut higher TTLs to this."),
	NUMBER("negative-ttl-max", cache.negative_ttl_max_s, UNIT_S, 0, DAY, LIMIT_NEGATIVE_TTL,
	       "Cut higher TTLs of negative answers to this."),
	NUMBER("failure-ttl", cache.failure_ttl_s, UNIT_S, 1, 300, LIMIT_FAILURE_S,
	       "How long a first failure is remembered; doubles with each (RFC 9520)."),
	NUMBER("failure-ttl-max", cache.failure_ttl_max_s, UNIT_S, 1, 300, LIMIT_FAILURE_MAX_S,
	       "The longest a failure is remembered."),
	NUMBER("bogus-ttl", cache.bogus_ttl_s, UNIT_S, 1, 300, LIMIT_BOGUS_S,
	       "How long an answer that did not validate is remembered."),
	CHOICE("ttl-policy", cache.ttl_policy, ttl_policies, "private",
	       "What TTLs tell. Off: they count down. Private: each answer carries one drawn anew, "
	       "so that nobody learns when others asked. Strict: also the time an answer takes "
	       "tells nothing about names few networks ask for."),
	NUMBER("ttl-low", cache.ttl_low_permille, UNIT_PERMILLE, 1, 1000, 125,
	       "The lowest TTL drawn, as part of the original."),
	NUMBER("ttl-high", cache.ttl_high_permille, UNIT_PERMILLE, 1, 1000, 250,
	       "The highest TTL drawn, as part of the original."),
	NUMBER("strict-networks", cache.strict_networks, UNIT_NONE, 1, 8, 3,
	       "Client networks that must have asked before an answer is no secret (ttl-policy "
	       "strict)."),
	BOOL("prefetch", cache.prefetch, "yes", "Refresh popular entries before they run out."),
	NUMBER("prefetch-share", cache.prefetch_share_permille, UNIT_PERMILLE, 0, 1000, 100,
	       "The most of all upstream work that prefetching may be."),
	BOOL("serve-stale", cache.serve_stale, "yes",
	     "Answer with expired data when refreshing fails (RFC 8767)."),
	BOOL("stale-first", cache.stale_first, "no",
	     "Answer with expired data at once and refresh behind."),
	NUMBER("stale-window", cache.stale_window_s, UNIT_S, 1, WEEK, LIMIT_STALE_WINDOW_S,
	       "How long after its end data may be served."),
	NUMBER("stale-timer", cache.stale_timer_ms, UNIT_MS, 0, 10000, LIMIT_STALE_TIMER_MS,
	       "How long a client waits before it gets expired data."),
	NUMBER("stale-ttl", cache.stale_ttl_s, UNIT_S, 0, HOUR, LIMIT_STALE_TTL,
	       "TTL of expired data in answers."),
	NUMBER("stale-recheck", cache.stale_recheck_s, UNIT_S, 1, 300, LIMIT_STALE_RECHECK_S,
	       "How long after a failed refresh to try again."),
	NUMBER("snapshot-interval", cache.snapshot_interval_s, UNIT_S, 0, WEEK, QUARTER,
	       "Time between snapshots of the store. 0: only at shutdown."),
	BOOL("aggressive-denial", cache.aggressive_denial, "yes",
	     "Answer from validated NSEC and NSEC3 records that cover the name (RFC 8198)."),
	{ 0 },
};

static const struct config_key validation_keys[] = {
	BOOL("enabled", validation.enabled, "yes", "Validate answers with DNSSEC."),
	{ ROW("trust-anchors", CONFIG_RECORDS, validation.trust_anchors,
	      "Where trust starts, as lines of DS or DNSKEY records. Empty: the built-in root "
	      "anchors. What is cached stays as it was judged until warrenctl flush . --tree."),
	  .max = 256, .types = { TYPE_DS, TYPE_DNSKEY }, .initial = "[]" },
	FILENAME("anchor-file", validation.anchor_file, "\"\"",
		 "State of the trust anchors (RFC 5011), written by us. Empty: \"anchors\" in "
		 "cache.directory."),
	BOOL("rfc5011", validation.rfc5011, "yes", "Follow rollovers of the trust anchors."),
	LIST("never-validate", CONFIG_NAMES, validation.never_validate, 4096, "[]",
	     "Names at and below which nothing is ever validated: zones of our own that the world above them denies, or "
	     "has signed. For a zone that is broken for a while: negative-anchors."),
	LIST("negative-anchors", CONFIG_NAMES, validation.negative_anchors, 4096, "[]",
	     "Names at and below which nothing is validated (RFC 7646)."),
	NUMBER("negative-anchor-time", validation.negative_anchor_s, UNIT_S, MINUTE, LIMIT_NTA_S,
	       LIMIT_NTA_S, "How long after start or reload they hold."),
	NUMBER("negative-anchor-recheck", validation.negative_anchor_check_s, UNIT_S, 0, DAY, LIMIT_NTA_CHECK_S,
	       "How often to look whether such a name validates again, which ends its exception (0: never)."),
	BOOL("sentinel", validation.sentinel, "yes", "Answer root key sentinel names (RFC 8509)."),
	BOOL("key-tag-signal", validation.key_tag_signal, "no",
	     "Tell the root which anchors we have (RFC 8145), whenever its keys are asked for to follow them "
	     "(rfc5011)."),
	BOOL("allow-sha1", validation.allow_sha1, "no",
	     "Accept algorithms 5 and 7 and SHA-1 DS records; otherwise such zones are insecure "
	     "(RFC 9905)."),
	NUMBER("clock-skew", validation.clock_skew_s, UNIT_S, 0, DAY, 300,
	       "How far a signature's dates may be off our clock."),
	BOOL("time-floor", validation.time_floor, "yes",
	     "Keep the latest time seen, and do not believe a clock that is behind it."),
	LIST("time-servers", CONFIG_NAMES, validation.time_servers, 64, "[\"pool.ntp.org.\"]",
	     "Names that resolve without validation, with all below them, while the clock is not "
	     "plausible."),
	{ 0 },
};

static const struct config_key special_keys[] = {
	BOOL("localhost", special.localhost, "yes", "localhost is 127.0.0.1 and ::1 (RFC 6761)."),
	BOOL("invalid", special.invalid, "yes", "invalid does not exist (RFC 6761)."),
	BOOL("test", special.test, "yes", "test does not exist (RFC 6761)."),
	BOOL("example", special.example, "no", "example does not exist (RFC 6761 lets us ask)."),
	BOOL("onion", special.onion, "yes", "onion does not exist (RFC 7686)."),
	BOOL("alt", special.alt, "yes", "alt does not exist (RFC 9476)."),
	BOOL("local", special.local, "yes", "local does not exist in the DNS (RFC 6762)."),
	BOOL("home-arpa", special.home_arpa, "yes", "home.arpa is empty (RFC 8375)."),
	BOOL("resolver-arpa", special.resolver_arpa, "yes",
	     "resolver.arpa is about us (RFC 9462)."),
	BOOL("service-arpa", special.service_arpa, "yes", "service.arpa is empty (RFC 9665)."),
	BOOL("ipv4only-arpa", special.ipv4only_arpa, "yes",
	     "ipv4only.arpa has its two addresses, and they have its name (RFC 8880)."),
	BOOL("reverse-private", special.reverse_private, "yes",
	     "Reverse zones of private addresses are empty (RFC 6303 sections 4.1 and 4.4, RFC "
	     "7793)."),
	BOOL("reverse-special", special.reverse_special, "yes",
	     "The other reverse zones of RFC 6303 (0, 127, link-local, documentation, ::1 ...) are "
	     "empty."),
	{ 0 },
};

static const struct config_key rebinding_keys[] = {
	BOOL("protect", rebinding.protect, "no",
	     "Refuse answers from outside that give private or loopback addresses, also as hints "
	     "in SVCB and HTTPS records."),
	LIST("allow", CONFIG_NAMES, rebinding.allow, 4096, "[]",
	     "Names, with all below them, that may have such addresses."),
	{ 0 },
};

#define ZONE(member) offsetof(struct config_zone, member)

static const struct config_key forward_keys[] = {
	{ .name = "zone",
	  .kind = CONFIG_NAME,
	  .offset = ZONE(zone),
	  .required = true,
	  .words = "Top of the names that are forwarded; a dot for all." },
	{ .name = "servers",
	  .kind = CONFIG_ADDRESSES,
	  .offset = ZONE(servers),
	  .required = true,
	  .port = PORT_DNS,
	  .min = 1,
	  .max = 64,
	  .words = "Recursive servers that are asked." },
	{ .name = "first",
	  .kind = CONFIG_BOOL,
	  .offset = ZONE(first),
	  .initial = "no",
	  .words = "Resolve the name ourselves when all of them fail." },
	{ 0 },
};

static const struct config_key stub_keys[] = {
	{ .name = "zone",
	  .kind = CONFIG_NAME,
	  .offset = ZONE(zone),
	  .required = true,
	  .words = "The zone." },
	{ .name = "servers",
	  .kind = CONFIG_ADDRESSES,
	  .offset = ZONE(servers),
	  .required = true,
	  .port = PORT_OPTIONAL,
	  .min = 1,
	  .max = 64,
	  .words = "Its authoritative servers; without a port, that of upstream.port." },
	{ 0 },
};

#define BLOCK(member) offsetof(struct config_block, member)

static const struct config_key block_keys[] = {
	{ .name = "name",
	  .kind = CONFIG_NAME,
	  .offset = BLOCK(name),
	  .required = true,
	  .words = "The name." },
	{ .name = "action",
	  .kind = CONFIG_ENUM,
	  .offset = BLOCK(action),
	  .choices = block_actions,
	  .initial = "nxdomain",
	  .words = "What is answered." },
	{ .name = "addresses",
	  .kind = CONFIG_ADDRESSES,
	  .offset = BLOCK(addresses),
	  .port = PORT_NEVER,
	  .max = 16,
	  .initial = "[]",
	  .words = "The addresses of action address." },
	{ .name = "subtree",
	  .kind = CONFIG_BOOL,
	  .offset = BLOCK(subtree),
	  .initial = "yes",
	  .words = "All names below as well." },
	{ 0 },
};

static const struct config_key local_keys[] = {
	{ ROW("records", CONFIG_RECORDS, local.records,
	      "Records of our own, as lines of a zone file with full names; no wildcards. They are all "
	      "that there is at their names, also below a name in blocks. Other names are asked for as "
	      "ever: a zone that exists only here is one of blocks, with action nxdomain, and its records."),
	  .max = NAMES_MAX, .initial = "[]" },
	{ ROW("blocks", CONFIG_MAPS, local.blocks,
	      "Names that are answered differently or not at all; named twice, in the same way."),
	  .max = 1 << 18, .keys = block_keys, .size = sizeof(struct config_block),
	  .initial = "[]" },
	NUMBER("block-ttl", local.block_ttl_s, UNIT_S, 0, DAY, 60,
	       "TTL of answers made by blocks."),
	{ 0 },
};

static const struct config_key limits_keys[] = {
	NUMBER("sends", limits.sends, UNIT_NONE, 1, 1000, LIMIT_SENDS,
	       "Packets sent for one client question, everything it causes included."),
	NUMBER("received", limits.received_octets, UNIT_OCTETS, 4096, 16 << 20, LIMIT_RECEIVED,
	       "Octets received for it."),
	NUMBER("question-time", limits.question_ms, UNIT_MS, 100, 60000, LIMIT_QUESTION_MS,
	       "Time for it."),
	NUMBER("timeouts", limits.timeouts, UNIT_NONE, 1, 100, LIMIT_TIMEOUTS,
	       "Unanswered packets for it."),
	NUMBER("referrals", limits.referrals, UNIT_NONE, 1, 200, LIMIT_REFERRALS,
	       "Referrals followed for it."),
	NUMBER("aliases", limits.aliases, UNIT_NONE, 1, LIMIT_ALIASES, LIMIT_ALIASES,
	       "CNAME and DNAME steps of it."),
	NUMBER("address-fetches", limits.address_fetches, UNIT_NONE, 1, 100, LIMIT_ADDRESS_FETCHES,
	       "Server names looked up for it."),
	NUMBER("dead-fetches", limits.dead_fetches, UNIT_NONE, 1, 100, LIMIT_DEAD_FETCHES,
	       "Of them, those without an address."),
	NUMBER("verifies", limits.verifies, UNIT_NONE, 1, 1000, LIMIT_VERIFIES,
	       "Signatures verified for it."),
	NUMBER("verify-failures", limits.verify_failures, UNIT_NONE, 1, 100, LIMIT_VERIFY_FAILURES,
	       "Of them, those that were wrong."),
	NUMBER("nsec3-hashes", limits.nsec3_hashes, UNIT_NONE, 1, 10000, LIMIT_NSEC3_HASHES,
	       "NSEC3 hashes for it."),
	NUMBER("nsec3-iterations", limits.nsec3_iterations, UNIT_NONE, 0, 150,
	       LIMIT_NSEC3_ITERATIONS,
	       "Iterations, salt counted, above which a zone is insecure (RFC 9276)."),
	NUMBER("recursions", limits.tasks, UNIT_NONE, 16, 65536, LIMIT_TASKS,
	       "Questions a worker resolves at a time; fewer where memory or open files are short."),
	NUMBER("waiters", limits.waiters, UNIT_NONE, 1, 10000, LIMIT_WAITERS,
	       "Clients that wait for one of them; what more ask is dropped."),
	NUMBER("zone-out", limits.zone_out, UNIT_NONE, 1, 65536, LIMIT_ZONE_OUT,
	       "Packets out to the servers of one zone; the root and top-level domains have no such bound."),
	NUMBER("server-out", limits.server_out, UNIT_NONE, 1, 65536, LIMIT_SERVER_OUT,
	       "Packets out to one address."),
	NUMBER("client-waiting", limits.client_waiting, UNIT_NONE, 1, 65536, LIMIT_CLIENT_WAITING,
	       "Answers one client host (IPv6: /56) waits for."),
	NUMBER("client-waiting-cookie", limits.client_waiting_cookie, UNIT_NONE, 1, 65536,
	       LIMIT_CLIENT_WAITING_COOKIE, "The same for a client with a good cookie."),
	NUMBER("late", limits.late_ms, UNIT_MS, 0, 60000, LIMIT_LATE_MS,
	       "UDP answers later than this are dropped when a client without a good cookie waits for more "
	       "than a tenth of client-waiting."),
	NUMBER("tcp-clients", limits.tcp_clients, UNIT_NONE, 1, 65536, LIMIT_TCP_CLIENTS,
	       "TCP connections from clients, each worker."),
	NUMBER("tcp-per-host", limits.tcp_per_host, UNIT_NONE, 1, 65536, LIMIT_TCP_PER_HOST,
	       "Of them, from one host (IPv6: /56)."),
	NUMBER("tcp-in-flight", limits.tcp_in_flight, UNIT_NONE, 1, 1000, LIMIT_TCP_IN_FLIGHT,
	       "Questions of one connection at a time."),
	NUMBER("tcp-idle", limits.tcp_idle_ms, UNIT_MS, 100, 600000, LIMIT_TCP_IDLE_MS,
	       "How long a connection may be idle; shrinks as they fill up."),
	NUMBER("tcp-idle-min", limits.tcp_idle_min_ms, UNIT_MS, 10, 600000, LIMIT_TCP_IDLE_MIN_MS,
	       "To this."),
	NUMBER("tcp-read", limits.tcp_read_ms, UNIT_MS, 100, 60000, LIMIT_TCP_READ_MS,
	       "How long one message may take to arrive."),
	NUMBER("tcp-out", limits.tcp_out, UNIT_NONE, 1, 65536, LIMIT_TCP_OUT,
	       "TCP connections to servers, each worker."),
	NUMBER("tcp-out-in-flight", limits.tcp_out_in_flight, UNIT_NONE, 1, 1000,
	       LIMIT_TCP_OUT_IN_FLIGHT, "Questions on one of them."),
	NUMBER("tcp-out-idle", limits.tcp_out_idle_ms, UNIT_MS, 0, 600000, LIMIT_TCP_OUT_IDLE_MS,
	       "How long one is kept without a question."),
	NUMBER("log-per-second", limits.log_per_second, UNIT_NONE, 1, 100000, LIMIT_LOG_PER_SECOND,
	       "Lines of the same message in a second."),
	{ 0 },
};

#define GROUP(n, k, w)                                                                             \
	{                                                                                          \
		.name = (n), .kind = CONFIG_GROUP, .keys = (k), .words = (w)                       \
	}
#define ZONES(n, k, m, w)                                                                          \
	{                                                                                          \
		ROW(n, CONFIG_MAPS, m, w), .max = ZONES_MAX, .keys = (k),                          \
					   .size = sizeof(struct config_zone), .initial = "[]"     \
	}

const struct config_key config_table[] = {
	GROUP("server", server_keys, "Towards clients, and the processes themselves."),
	GROUP("upstream", upstream_keys, "Towards authoritative servers."),
	GROUP("cache", cache_keys, "What is kept, how long, and what it tells."),
	GROUP("validation", validation_keys, "DNSSEC."),
	GROUP("special-names", special_keys,
	      "Names answered here and never asked of others. No: treated as any other name."),
	GROUP("rebinding", rebinding_keys, "Protection of the networks behind us."),
	ZONES("forward-zones", forward_keys, forward, "Zones asked of other resolvers."),
	ZONES("stub-zones", stub_keys, stub, "Zones whose authoritative servers are given here."),
	GROUP("local-data", local_keys, "Answers of our own."),
	GROUP("limits", limits_keys, "What one question, one client, one worker may take."),
	{ 0 },
};
