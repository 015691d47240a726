# The demonstrations end by themselves and find all as it should be.
. "$(dirname "$0")/system.sh"

shows() {
	"$tools/demo" "$1" --daemon "$daemon" >"$home/demo" 2>&1 || {
		sed 's/^/# /' "$home/demo"
		return 1
	}
	sed 's/^/# /' "$home/demo"
}

ok "the outage can be watched" shows outage
ok "the restart can be watched" shows restart
