# The daemon under a preloaded clock library: every process follows the faked time, and none hangs.
. "$(dirname "$0")/system.sh"

library=
for candidate in /usr/lib/*/faketime/libfaketime.so.1 /usr/lib/faketime/libfaketime.so.1 \
	/usr/lib64/faketime/libfaketime.so.1; do
	[ ! -e "$candidate" ] || library=$candidate
done
[ -n "$library" ] || { echo "# faketime is not installed: nothing to test" && exit 0; }

# fake VARIABLE=VALUE...: the daemon is started so from now on.
real_daemon=$daemon
daemon=$home/faked
fake() {
	cat >"$daemon" <<-END
		#!/bin/sh
		exec env LD_PRELOAD=$library FAKETIME_NO_CACHE=1 "ASAN_OPTIONS=$ASAN_OPTIONS:verify_asan_link_order=0" $* $real_daemon "\$@"
	END
	chmod +x "$daemon"
}

when() { # OFFSET: as faketime wants it
	date -d "$1" '+%Y-%m-%d %H:%M:%S'
}

ttl_of() {
	ask "$1" A +noall +answer | awk 'NR == 1 { print $2 }'
}

ttl_between() { # NAME LEAST MOST
	ttl=$(ttl_of "$1")
	[ -n "$ttl" ] && [ "$ttl" -ge "$2" ] && [ "$ttl" -le "$3" ] && return
	echo "# TTL ${ttl:-none}, not $2 to $3"
	return 1
}

is_secure() {
	has "$(ask "$1" A +dnssec)" " ad;"
}

fails() {
	has "$(ask "$1" A)" "status: SERVFAIL"
}

CACHE_KEYS='ttl-policy: off'
configure
echo "+0" >"$home/stamp"

# Who moves the clock may rename a new file over the old one, or have it in the home directory.
tick() { # OFFSET
	echo "$1" >"$stamp.new"
	mv "$stamp.new" "$stamp"
}
for stamp in "$home/stamp" "$home/.faketimerc"; do
	case $stamp in
	*/stamp) fake "FAKETIME_TIMESTAMP_FILE=$stamp" ;;
	*) fake "HOME=$home" && echo "+200" >"$stamp" ;;
	esac
	start
	answers www.example.com A
	first=$(ttl_of www.example.com)
	case $stamp in
	*/stamp) tick "+100" ;;
	*) echo "+300" >"$stamp" ;;
	esac
	ok "the TTL follows ${stamp##*/}" ttl_between www.example.com $((first - 115)) $((first - 100))
	stop
done

echo "+400" >"$home/stamp"
fake "FAKETIME_TIMESTAMP_FILE=$home/stamp"
start
ok "answers under a moving clock" is_secure www.good.lab
answers www.example.com A
first=$(ttl_of www.example.com)
echo "+500" >"$home/stamp"
ok "the TTL follows the clock" ttl_between www.example.com $((first - 115)) $((first - 100))
"$lab_tool" cut all
echo "+100000" >"$home/stamp"
ok "an entry runs out when the clock says so" has "$(ask www.example.com A)" "EDE: 3"
"$lab_tool" heal
echo "+20y" >"$home/stamp"
ok "signatures are over in twenty years" within 20000 fails www.good.lab
ok "that is told" has "$(ask www.good.lab A)" "EDE: "
ok "who checks nothing gets the data" has "$(ask www.good.lab A +cd +short)" "198.18.100.3"
echo "+100200" >"$home/stamp"
ok "and good again when the clock comes back" within 90000 is_secure www.good.lab
ok "the daemon ends within two seconds of SIGTERM" stop

# What was kept goes on to age by the faked clock.
echo "+100300" >"$home/stamp"
start
answers www.example.net A
first=$(ttl_of www.example.net)
stop
echo "+100500" >"$home/stamp"
"$lab_tool" cut all
start
ok "the keeper counts by the same clock across a restart" ttl_between www.example.net 1 $((first - 195))
"$lab_tool" heal
stop

fake "'FAKETIME=@$(when '+3 days')'"
start
ok "answers with a clock that starts at a date" is_secure www.good.lab
ok "and moves" has "$(ask www.unsigned.lab A)" "status: NOERROR"
stop
fake "'FAKETIME=@$(when '+10 years')'"
LIFE_SIGN=+cd
start
LIFE_SIGN=
ok "believes no signature in ten years" fails www.good.lab
stop
fake "'FAKETIME=$(when '+3 days')'"
start
ok "answers with a clock that stands still" is_secure www.good.lab
ok "a question without an answer ends all the same" has "$(PATIENCE=25 ask www.dead.lab A)" "status: SERVFAIL"
ok "other questions go on" answers www.unsigned.lab A
ok "it ends within two seconds of SIGTERM, too" stop
