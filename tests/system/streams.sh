# TCP: answers out of order, idle and slow clients, how many of one host, and no descriptors left.
. "$(dirname "$0")/system.sh"

[ -x "$build/bin/rawdns" ] && [ ! "$here/rawdns.c" -nt "$build/bin/rawdns" ] ||
	${CC:-cc} -std=gnu11 -O2 "$here/rawdns.c" -o "$build/bin/rawdns"

tcp() {
	in_lab "$build/bin/rawdns" --tcp "$@"
}

cpu_of() { # PID: ticks
	sed 's/.*) //' "/proc/$1/stat" | awk '{ print $12 + $13 }'
}

# www.dead.lab A with id 1, www.example.com A with id 2.
alive=00020100000100000000000003777777076578616d706c6503636f6d0000010001
dead=000101000001000000000000037777770464656164036c61620000010001

LIMIT_KEYS='
limits:
  tcp-idle: 1500ms
  tcp-idle-min: 200ms
  tcp-read: 1s
  tcp-per-host: 20'
configure
echo "$LIMIT_KEYS" >>"$home/conf"
start
answers www.example.com A
said=$(tcp --wait 12000 127.0.0.1 "$PORT" $dead $alive)
ok "what is known is answered before what was asked first" has "$(echo "$said" | head -1)" "id=0002"
ok "and that is answered, too" has "$said" "2 replies"
ok "many on one connection" has "$(tcp 127.0.0.1 "$PORT" $alive $alive $alive $alive $alive $alive $alive $alive)" "8 replies"
ok "a connection is open while it may be idle" has "$(tcp --hold 1 --wait 1000 127.0.0.1 "$PORT")" "1 open"
ok "and closed afterwards" has "$(tcp --hold 1 --wait 2500 127.0.0.1 "$PORT")" "0 open"
ok "one host has so many connections" has "$(tcp --hold 30 --wait 700 127.0.0.1 "$PORT")" "20 open"
ok "another host its own" has "$(tcp --hold 3 --wait 300 ::1 "$PORT")" "3 open"
ok "who sends octet by octet is cut off" has "$(tcp --slow 100 --wait 4000 127.0.0.1 "$PORT" $alive)" "0 replies"
ok "who does not speak DNS is, too" has "$(tcp 127.0.0.1 "$PORT" 00)" "closed"
ok "UDP goes on" answers www.example.com A
stop

# 256 descriptors, of which clients of TCP get half; twice as many come.
cat >"$home/few" <<END
#!/bin/sh
ulimit -n 256
exec $daemon "\$@"
END
chmod +x "$home/few"
daemon=$home/few
LIMIT_KEYS='
limits:
  tcp-per-host: 4096'
configure
echo "$LIMIT_KEYS" >>"$home/conf"
start
ok "no more questions are taken than there are descriptors for" grep -q "now recursions is 64" "$home/log"
answers www.example.com A
worker=$(workers | head -1)
before=$(cpu_of "$worker")
"$lab_tool" exec "$build/bin/rawdns" --hold 500 --wait 3000 127.0.0.1 "$PORT" >"$home/held" 2>&1 &
holder=$!
sleep 1
ok "UDP is served while TCP has taken its descriptors" answers www.example.com A
ok "new names too" answers www.unsigned.lab A
within 10000 gone "$holder" || true
used=$(($(cpu_of "$worker") - before))
ok "and the worker does not spin" [ "$used" -lt 200 ]
echo "# $(cat "$home/held"), $used ticks of CPU"
ok "TCP is served again afterwards" within 5000 answers www.example.com A +tcp
