# Threats I7: the store's size changed at a reload, ten times up or down and more than its content, under load.
. "$(dirname "$0")/system.sh"
ENTRIES=${ENTRIES-100000} RATE=${RATE-300} SIZES=${SIZES-320 32 3 32 320 3 320 32 320 32}
MEGABYTE=1048576

store() { # WORD: of what the keeper says about its store
	control status --json | sed -n "s/.*\"store\":{[^}]*\"$1\":\([0-9]*\).*/\1/p"
}

is_sized() {
	[ "$(store map_octets)" = $(($1 * MEGABYTE)) ]
}

fits() {
	[ "$(store octets)" -le "$(store map_octets)" ]
}

generation() {
	grep -c 'generation [0-9]* serves' "$home/log" || true
}

has_reloaded() {
	[ "$(generation)" -gt "$before" ]
}

resize() { # MEGABYTES: waits until it is done
	before=$(generation)
	sed -i "s/store-size: .*/store-size: ${1}M/" "$home/conf"
	kill -HUP "$daemon_pid"
	within 10000 has_reloaded && within 10000 is_sized "$1" && within 20000 fits
}

WORKERS=2
"$(beside cachefill)" "$home/cache" "$ENTRIES" >/dev/null
configure
sed -i "s/store-size: .*/store-size: 32M/" "$home/conf"
start
ok "what was kept is there" [ "$(store entries)" -ge "$ENTRIES" ]
load 2 500
load_result
load 120 "$RATE"
for size in $SIZES; do
	ok "the store has ${size} MiB now" resize "$size"
	echo "# $(control status | grep -A 1 '^store' | tr '\n' ' ')"
done
sleep 1
load_stop
echo "# $result"
ok "every question was answered" [ "$(answered_permille "$result")" = 1000 ]
ok "none otherwise than at first" [ "$(figure changed "$result")" = 0 ]
ok "nobody died" hasnt "$(cat "$home/log")" "ended: "
ok "a new name is learned" answers www.good.lab A
