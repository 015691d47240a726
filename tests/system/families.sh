# One family gone, at the world's end or by configuration.
. "$(dirname "$0")/system.sh"

start
"$lab_tool" cut v4
ok "resolves when IPv4 servers are silent" answers www.example.com A
"$lab_tool" heal
"$lab_tool" cut v6
ok "resolves when IPv6 servers are silent" answers www.example.org A
"$lab_tool" heal

# Threats I16: now the one, now the other.
sed -n '1,480p' "$LAB_NAMES/cold-unsigned" >"$home/cold"
load 12 40 "$home/cold"
for gone in v4 v6 v4 v6 v4 v6; do
	"$lab_tool" cut $gone
	sleep 2
	"$lab_tool" heal
done
load_result
echo "# $result"
ok "resolves while the families come and go" [ "$(answered_permille "$result")" -ge 999 ]
stop
UPSTREAM_KEYS="ipv4: no"
configure
start
ok "resolves with IPv4 switched off" answers mail.example.com A
ok "does not reach what has only IPv4" has "$(PATIENCE=10 ask www.onlyv4.lab A)" "status: SERVFAIL"
stop
UPSTREAM_KEYS="ipv6: no"
configure
start
ok "resolves with IPv6 switched off" answers mail.example.org A
ok "does not reach what has only IPv6" has "$(PATIENCE=10 ask www.onlyv6.lab A)" "status: SERVFAIL"
