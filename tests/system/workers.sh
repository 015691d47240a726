# Two workers share what they learn.
. "$(dirname "$0")/system.sh"

WORKERS=2
configure
start
ok "there are two workers" [ "$(workers | wc -l)" = 2 ]

# dig asks from another port each time, so the workers take turns.
cookie() {
	ask www.example.com A "+cookie=$1" | sed -n 's/^; COOKIE: \([0-9a-f]*\).*/\1/p'
}
knows() { # COOKIE: all say so
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		[ "$(cookie "$1")" = "$1" ] || return 1
	done
}
given=$(cookie 0011223344556677)
ok "a cookie that one worker gave is good with either" knows "$given"
kill -KILL "$(workers | head -1)"
within 5000 answers www.example.com A
ok "and with the next one in its place" knows "$given"
kill -HUP "$daemon_pid"
ok "a reload" within 5000 grep -q "generation 2 serves" "$home/log"
ok "and with those of the next generation" knows "$given"
sed -i "s/^  workers:/  cookie-secret: 00112233445566778899aabbccddeeff\n&/" "$home/conf"
ok "a secret of its own" control reload
within 5000 grep -q "generation 3 serves" "$home/log"
renewed=$(cookie "$given")
ok "makes other cookies" [ "$renewed" != "$given" ]
ok "all workers the same" knows "$renewed"
ok "and those that the one before made stay good" [ "$(control stats | sed -n "s/^bad_cookie //p")" = 0 ]

load 3 1000
load_result
ok "every question is answered" [ "$(answered_permille "$result")" = 1000 ]
echo "# $result"
"$lab_tool" cut all
load 2 1000
load_result
"$lab_tool" heal
ok "each worker answers what either has learned" [ "$(answered_permille "$result")" = 1000 ]
echo "# $result"
