# net.sh - two network namespaces joined by a cable: "home", where the resolver lives and the world is
# behind the default route, and "net", which owns the addresses of all authoritative servers.
#
# An address that net does not own (never did, or was cut) swallows packets without a word, as the real
# thing does.  Made with root, or without it through a user namespace.

HOME_V4=198.19.0.2 NET_V4=198.19.0.1
HOME_V6=2001:2:0:ff00::2 NET_V6=2001:2:0:ff00::1

# enter PID COMMAND...: replaces this shell.
enter() {
	holder=$1
	shift
	if [ -f "$run/rootless" ]; then
		exec nsenter -t "$holder" -U --preserve-credentials -n -- "$@"
	fi
	exec nsenter -t "$holder" -n -- "$@"
}

in_home() {
	(enter "$(pid_of home)" "$@")
}

in_net() {
	(enter "$(pid_of net)" "$@")
}

has_ipv6() {
	[ -e /proc/net/if_inet6 ]
}

# Lines of label, server and address; without those of IPv6 where the kernel has none.
addresses() {
	if has_ipv6; then
		sort -u "$zones_dir/addresses"
	else
		grep -v : "$zones_dir/addresses" | sort -u
	fi
}

# Wait until process $1 has a network namespace that is neither ours nor that of process $2.
net_wait_for_holder() {
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
		alive "$1" || return 1
		there=$(readlink "/proc/$1/ns/net") || return 1
		if [ "$there" != "$(readlink /proc/self/ns/net)" ] &&
			[ "$there" != "$(readlink "/proc/$2/ns/net")" ]; then
			return 0
		fi
		sleep 0.1
	done
	return 1
}

net_make() {
	if [ "$(id -u)" = 0 ]; then
		setsid unshare -n sleep infinity </dev/null >/dev/null 2>"$run/home.log" &
	else
		: >"$run/rootless"
		setsid unshare -rn sleep infinity </dev/null >/dev/null 2>"$run/home.log" &
	fi
	note home $!
	net_wait_for_holder "$(pid_of home)" self ||
		die "cannot make a network namespace ($(cat "$run/home.log")); user namespaces may be forbidden here: try as root"
	(enter "$(pid_of home)" setsid unshare -n sleep infinity) </dev/null >/dev/null 2>"$run/net.log" &
	note net $!
	net_wait_for_holder "$(pid_of net)" "$(pid_of home)" || die "no second namespace: $(cat "$run/net.log")"
	net_plug
}

# One line of "ip -batch" for each address of the list.
net_batch() {
	awk -v what="$1" '{ print "addr", what, $3 ($3 ~ /:/ ? "/128" : "/32"), "dev lo", (what == "add" && $3 ~ /:/ ? "nodad" : "") }'
}

net_plug() {
	six='/2001/d; /::/d'
	! has_ipv6 || six=
	sed "$six" <<-END | in_net ip -batch -
		link set lo up
		link add home0 type veth peer name net0 netns $(pid_of home)
		addr add $NET_V4/30 dev home0
		addr add $NET_V6/64 dev home0 nodad
		link set home0 up
		route add blackhole default
		route add blackhole ::/0
	END
	sed "$six" <<-END | in_home ip -batch -
		link set lo up
		addr add $HOME_V4/30 dev net0
		addr add $HOME_V6/64 dev net0 nodad
		link set net0 up
		route add default via $NET_V4
		route add ::/0 via $NET_V6
	END
	addresses | net_batch add | in_net ip -batch -
}

# The addresses a word means: a label or server of the file "addresses", an address, v4, v6 or all.
net_meaning() {
	addresses | awk -v word="$1" '
		word == "all" || word == $1 || word == $2 || word == $3 ||
		(word == "v4" && $3 !~ /:/) || (word == "v6" && $3 ~ /:/)'
}

net_cut() {
	: >>"$run/cut"
	for word in "$@"; do
		net_meaning "$word" >"$run/cutting"
		[ -s "$run/cutting" ] || die "nothing here is called $word; see: tools/lab status --addresses"
		grep -vxF -f "$run/cut" "$run/cutting" >"$run/cutting.new" || true
		net_batch del <"$run/cutting.new" | in_net ip -batch -
		cat "$run/cutting.new" >>"$run/cut"
	done
	rm -f "$run/cutting" "$run/cutting.new"
}

net_heal() {
	[ -s "$run/cut" ] || return 0
	if [ $# = 0 ]; then
		net_batch add <"$run/cut" | in_net ip -batch -
		rm -f "$run/cut"
		return
	fi
	for word in "$@"; do
		net_meaning "$word" | grep -xF -f "$run/cut" >"$run/healing" || continue
		net_batch add <"$run/healing" | in_net ip -batch -
		grep -vxF -f "$run/healing" "$run/cut" >"$run/cut.new" || true
		mv "$run/cut.new" "$run/cut"
	done
	rm -f "$run/healing"
}

# Packets that went from home to the world so far.
net_packets() {
	awk '$1 == "net0:" { print $11 }' "/proc/$(pid_of home)/net/dev"
}
