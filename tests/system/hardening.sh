# What the processes may do, and that they still do their work.
. "$(dirname "$0")/system.sh"

status_of() { # PID FIELD
	sed -n "s/^$2:[[:space:]]*//p" "/proc/$1/status"
}

open_inodes() { # PID: of its sockets
	readlink "/proc/$1"/fd/* 2>/dev/null | sed -n 's/^socket:\[\(.*\)\]/\1/p' | sort
}

walls() { # NAME PID
	ok "the $1 has a filter of system calls" [ "$(status_of "$2" Seccomp)" = 2 ]
	ok "the $1 can gain no privileges" [ "$(status_of "$2" NoNewPrivs)" = 1 ]
	ok "the $1 has no capability" [ "$(status_of "$2" CapEff)$(status_of "$2" CapPrm)" = 00000000000000000000000000000000 ]
}

start
worker=$(workers | head -1)
keeper=$(keeper)
walls worker "$worker"
walls keeper "$keeper"
ok "the keeper has no socket of the network" hasnt \
	"$(in_lab cat /proc/net/udp /proc/net/tcp | grep -Fw "$(open_inodes "$keeper")")" 0100007F
answers www.good.lab A
ok "UDP works" answers www.example.com A
ok "TCP works" answers www.example.org A +tcp
ok "IPv6 works" has "$(SERVER=::1 ask www.example.net A)" "status: NOERROR"
kill -KILL "$worker"
ok "a new worker works" within 2000 answers www.example.com A
kill -HUP "$daemon_pid"
ok "a new generation works" within 5000 grep -q "generation .* serves" "$home/log"
ok "it answers" answers www.nsec3.lab A
ok "nothing was missing" hasnt "$(cat "$home/log")" "going on without"
stop
ok "a snapshot was taken" [ -s "$home/cache/snapshot" ]

# Each wall has its switch.
SERVER_KEYS='seccomp: no'
configure
start
ok "seccomp can be switched off" [ "$(status_of "$(keeper)" Seccomp)" = 0 ]
stop
SERVER_KEYS='seccomp: kill'
configure
start
ok "a filter that kills leaves the work alone" answers www.example.com A
answers www.good.lab A +tcp
stop
ok "nobody was killed" hasnt "$(cat "$home/log")" "ended: signal 31"

# Another user than root.
if [ "$(id -u)" = 0 ] && id nobody >/dev/null 2>&1; then
	chmod 711 "$home"
	rm -rf "$home/run" "$home/cache"
	SERVER_KEYS='user: nobody'
	LAB_HINTS=$home/hints && cp "$LAB_DIR/hints" "$home/hints" && chmod 644 "$home/hints"
	configure
	start
	worker=$(workers | head -1)
	ok "the worker runs as the user" has "$(status_of "$worker" Uid)" "$(id -u nobody)"
	ok "the keeper too" has "$(status_of "$(keeper)" Uid)" "$(id -u nobody)"
	ok "answers as that user" answers www.good.lab A
	kids=$(workers && keeper)
	kill -KILL "$daemon_pid"
	all_gone() {
		for pid in $kids; do gone "$pid" || return 1; done
	}
	ok "children end with the supervisor although they are somebody else" within 1000 all_gone
fi

# How it was linked; a build with sanitizers has its own ways.
if command -v readelf >/dev/null && ! readelf -d "$daemon" | grep -q asan; then
	ok "position independent" has "$(readelf -h "$daemon")" "DYN"
	ok "relocations are read-only" has "$(readelf -lW "$daemon")" "GNU_RELRO"
	ok "and all resolved at start" has "$(readelf -dW "$daemon")" "BIND_NOW"
	ok "the stack is not executable" hasnt "$(readelf -lW "$daemon" | grep GNU_STACK)" "RWE"
	ok "the stack is guarded" has "$(readelf -sW "$daemon" | grep stack_chk)" "__stack_chk_fail"
fi
