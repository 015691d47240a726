# servers.sh - the authoritative servers of the net namespace: their configuration, start and readiness.
# They run as whoever started the lab, in the foreground of a background job; never as the system's service.

addresses_of() {
	addresses | awk -v server="$1" '$2 == server { print $3 }' | sort -u
}

# zones_of SERVER FORMAT: printf FORMAT with the zone and its file.
zones_of() {
	awk -v server="$1" -v format="$2" -v dir="$zones_dir" '
		$1 == server { printf format, $2, dir "/" $3 }' "$zones_dir/serve"
}

server_conf_nsd() {
	cat <<-END
		server:
		  username: ""
		  database: ""
		  zonesdir: "$zones_dir"
		  pidfile: ""
		  xfrdfile: "$run/$1/xfrd"
		  xfrdir: "$run/$1"
		  zonelistfile: "$run/$1/zonelist"
		  server-count: 1
		  tcp-count: 1000
		  rrl-ratelimit: 0
		  rrl-whitelist-ratelimit: 0
	END
	addresses_of "$1" | sed 's/^/  ip-address: /'
	printf 'remote-control:\n  control-enable: no\n'
	zones_of "$1" 'zone:\n  name: "%s"\n  zonefile: "%s"\n'
}

server_conf_knot() {
	cat <<-END
		server:
		  rundir: $run/$1
		  pidfile: $run/$1/pid
		  udp-workers: 1
		  tcp-workers: 1
		  background-workers: 1
		  tcp-max-clients: 1000
		  listen: [ $(addresses_of "$1" | tr '\n' ',' | sed 's/,$//; s/,/, /g') ]
		control:
		  listen: $run/$1/sock
		database:
		  storage: $run/$1
		log:
		  - target: stderr
		    any: warning
		template:
		  - id: default
		    zonefile-sync: -1
		    zonefile-load: whole
		    journal-content: none
		    semantic-checks: off
		zone:
	END
	zones_of "$1" '  - domain: "%s"\n    file: "%s"\n'
}

server_conf_named() {
	cat <<-END
		options {
			directory "$run/$1";
			pid-file none;
			session-keyfile none;
			lock-file none;
			recursion no;
			dnssec-validation no;
			notify no;
			interface-interval 0;
			automatic-interface-scan no;
			minimal-responses no;
			max-records-per-type 0;
			max-types-per-name 0;
			listen-on { $(addresses_of "$1" | grep -v : | tr '\n' ';') };
			listen-on-v6 { $(addresses_of "$1" | grep : | tr '\n' ';') };
		};
		controls { };
	END
	zones_of "$1" 'zone "%s" { type primary; check-names ignore; file "%s"; };\n'
}

# A copy has another path, so a profile of AppArmor for the system's service does not bind it.
copy_of() {
	mkdir -p "$run/bin"
	path=$(command -v "$1") || die "$1 is not installed; tools/lab install"
	[ -x "$run/bin/$1" ] || cp "$path" "$run/bin/$1"
	echo "$run/bin/$1"
}

server_start() {
	mkdir -p "$run/$1"
	case $1 in
	nsd*)
		server_conf_nsd "$1" >"$run/$1/conf"
		set -- "$1" "$(copy_of nsd)" -d -c "$run/$1/conf"
		;;
	knot*)
		server_conf_knot "$1" >"$run/$1/conf"
		set -- "$1" "$(copy_of knotd)" -c "$run/$1/conf"
		;;
	bind)
		server_conf_named "$1" >"$run/$1/conf"
		set -- "$1" "$(copy_of named)" -f -n 1 -c "$run/$1/conf"
		;;
	esac
	name=$1
	shift
	(enter "$(pid_of net)" setsid "$@") </dev/null >"$run/$name/log" 2>&1 &
	note "$name" $!
}

# A server is ready when it answers for the last zone of its list.
server_wait() {
	zone=$(zones_of "$1" '%s\n' | tail -1)
	address=$(addresses_of "$1" | tail -1)
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30; do
		alive "$(pid_of "$1")" || break
		answer=$(in_home dig +norec +tries=1 +time=1 +noall +comments "@$address" "$zone" SOA 2>/dev/null) || true
		case $answer in *"status: NOERROR"*) return 0 ;; esac
		sleep 0.3
	done
	tail -5 "$run/$1/log" >&2
	die "$1 does not answer, see $run/$1/log"
}

servers_start() {
	servers=$(cut -d' ' -f1 "$zones_dir/serve" | sort -u)
	for server in $servers; do
		server_start "$server"
	done
	for server in $servers; do
		server_wait "$server"
	done
}
