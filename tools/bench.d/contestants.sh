# contestants.sh - how each resolver is configured, started and found again.  All get one worker, the lab's
# hints and anchor, room enough in their caches, and otherwise their own defaults.

CONTESTANTS="warrend unbound kresd named pdns_recursor"
PORT=5300
CACHE_MB=1024

contestant_path() {
	if [ "$1" = warrend ]; then
		warrend_in "$build"
	else
		command -v "$1" || true
	fi
}

contestant_version() {
	case $1 in
	warrend) "$(warrend_in "$build")" --version ;;
	unbound) unbound -V | head -1 ;;
	kresd) kresd -V ;;
	named) named -v ;;
	pdns_recursor) pdns_recursor --version 2>&1 | head -1 ;;
	esac
}

# The functions below write into the folder $1, for validation $2 (on or off).

configure_warrend() {
	cat >"$1/conf" <<-END
		server:
		  listen: ["127.0.0.1@$PORT"]
		  workers: 1
		  run-dir: "$1/run"
		upstream:
		  root-hints-file: "$LAB_HINTS"
		cache:
		  directory: "$1/cache"
		  store-size: ${CACHE_MB}M
		validation:
		  enabled: $([ "$2" = on ] && echo yes || echo no)
		  trust-anchors: ["$(cat "$LAB_ANCHOR")"]
		  rfc5011: no
	END
}

configure_unbound() {
	cat >"$1/conf" <<-END
		server:
		  interface: 127.0.0.1@$PORT
		  num-threads: 1
		  username: ""
		  chroot: ""
		  directory: "$1"
		  pidfile: ""
		  do-daemonize: no
		  use-syslog: no
		  verbosity: 0
		  root-hints: "$LAB_HINTS"
		  trust-anchor-file: "$LAB_ANCHOR"
		  module-config: "$([ "$2" = on ] && echo 'validator ')iterator"
		  msg-cache-size: $((CACHE_MB / 3))m
		  rrset-cache-size: $((CACHE_MB * 2 / 3))m
		  key-cache-size: 64m
		  neg-cache-size: 64m
		  outgoing-range: 8192
		  num-queries-per-thread: 4096
		  incoming-num-tcp: 100
		  outgoing-num-tcp: 200
		  so-rcvbuf: 4m
		  so-sndbuf: 4m
		  aggressive-nsec: yes
		remote-control:
		  control-enable: no
	END
}

configure_kresd() {
	cat >"$1/conf" <<-END
		net.listen('127.0.0.1', $PORT, { kind = 'dns' })
		net.bufsize(4096, 1232)
		modules = { 'hints' }
		hints.root_file('$LAB_HINTS')
		cache.open($CACHE_MB * MB, 'lmdb://$1/cache')
		trust_anchors.remove('.')
		$([ "$2" = off ] || sed "s/.*/trust_anchors.add('&')/" "$LAB_ANCHOR")
		modules.unload('ta_update')
	END
}

configure_named() {
	cat >"$1/conf" <<-END
		options {
			directory "$1";
			pid-file none;
			session-keyfile none;
			lock-file none;
			listen-on port $PORT { 127.0.0.1; };
			listen-on-v6 { none; };
			recursion yes;
			allow-query { any; };
			dnssec-validation $([ "$2" = on ] && echo yes || echo no);
			max-cache-size ${CACHE_MB}m;
			recursive-clients 10000;
			clients-per-query 0;
			max-clients-per-query 0;
			notify no;
		};
		controls { };
		logging { category default { null; }; };
		zone "." { type hint; file "$LAB_HINTS"; };
	END
	awk '{ printf "trust-anchors { \".\" static-ds %s %s %s \"%s\"; };\n", $5, $6, $7, $8 }' "$LAB_ANCHOR" >>"$1/conf"
}

configure_pdns_recursor() {
	cat >"$1/recursor.conf" <<-END
		local-address=127.0.0.1
		local-port=$PORT
		threads=1
		pdns-distributes-queries=no
		daemon=no
		write-pid=no
		socket-dir=$1
		setuid=
		setgid=
		disable-syslog=yes
		loglevel=2
		quiet=yes
		hint-file=$LAB_HINTS
		lua-config-file=$1/anchors.lua
		dnssec=$([ "$2" = on ] && echo validate || echo off)
		max-cache-entries=2000000
		max-packetcache-entries=1000000
		max-mthreads=4096
		allow-from=127.0.0.0/8
		security-poll-suffix=
		dont-query=
	END
	awk 'BEGIN { print "clearTA(\".\")" } { printf "addTA(\".\", \"%s %s %s %s\")\n", $5, $6, $7, $8 }' "$LAB_ANCHOR" >"$1/anchors.lua"
}

contestant_start() {
	who=$1
	home=$work/$who
	rm -rf "$home"
	mkdir -p "$home" "$work/bin"
	"configure_$who" "$home" "$2"
	[ -z "${more_config-}" ] || "$more_config" "$home"
	# A copy has another path: a profile of AppArmor for the system's service does not bind it.
	path=$(contestant_path "$who")
	[ -x "$work/bin/$who" ] && [ ! "$path" -nt "$work/bin/$who" ] || cp "$path" "$work/bin/$who"
	case $who in
	warrend) set -- -c "$home/conf" ;;
	unbound) set -- -d -c "$home/conf" ;;
	kresd) set -- -n -c "$home/conf" "$home" ;;
	named) set -- -f -n 1 -c "$home/conf" ;;
	pdns_recursor) set -- --config-dir="$home" ;;
	esac
	start_pinned "$home/log" "$work/bin/$who" "$@"
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		alive "$server_pid" || break
		answer=$("$lab_tool" exec dig -p $PORT @127.0.0.1 +tries=1 +time=2 +noall +comments . SOA) || true
		case $answer in *"status: NOERROR"*) return 0 ;; esac
		sleep 0.2
	done
	say "$who does not answer:"
	tail -5 "$home/log" >&2
	contestant_stop
	return 1
}

contestant_stop() {
	# shellcheck disable=SC2046
	end $(family_of "$server_pid")
	server_pid=
}
