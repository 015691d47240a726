# Cached answers while the store is full: being swept because somebody asks for ever new names, and not.
#
# What tools/full does for longer, and shows in a table; ROUNDS, SECONDS_EACH, RATE, NEW, ENTRIES and TABLE say how.
# The other half of it is a store with room for all those names: they cost something wherever they are kept.
. "$(dirname "$0")/system.sh"
ROUNDS=${ROUNDS-1} SECONDS_EACH=${SECONDS_EACH-3} RATE=${RATE-300} NEW=${NEW-200} ENTRIES=${ENTRIES-15000}
MEGABYTE=1048576

store() { # WORD: of what the keeper says about its store
	control status --json | sed -n "s/.*\"store\":{[^}]*\"$1\":\([0-9]*\).*/\1/p"
}

used_percent() {
	echo $(($(store octets) * 100 / $(store map_octets)))
}

# new_names SEED [one]: names that do not exist, in many zones that are not signed, or in one.
new_names() {
	awk -v seed="$1" -v count=$((NEW * (SECONDS_EACH + 2))) -v one="${2-}" '{ sub(/^[^.]*\./, "", $1); zones[n++] = $1 }
		END { for (i = 0; i < count; i++) printf "n%d-%d.%s A\n", seed, i, zones[one == "" ? (i * 7919) % n : 0] }' \
		"$LAB_NAMES/nx-unsigned"
}

# part NAME [SEED [one]]: the load, beside new names if there is a SEED; a line of the table.
part() {
	filler_pid=
	if [ -n "${2-}" ]; then
		new_names "$2" "${3-}" >"$home/new"
		"$lab_tool" exec "$build/bin/flood" --seconds $((SECONDS_EACH + 1)) --rate "$NEW" 127.0.0.1 "$PORT" "$home/new" >"$home/filled" &
		filler_pid=$!
		sleep 0.5
	fi
	swept=$(store swept) refused=$(store refused_full)
	load "$SECONDS_EACH" "$RATE"
	load_result
	[ -z "$filler_pid" ] || wait "$filler_pid" || true
	swept=$(($(store swept) - swept)) refused=$(($(store refused_full) - refused))
	echo "$1 $(figure p50 "$result") $(figure p99 "$result") $(used_percent) $swept $refused" >>"${TABLE-/dev/null}"
	echo "# $1: $(used_percent) % used, $swept swept, $refused not admitted; $result"
}

complete() { # nothing lost, nothing else than at first
	[ "$(answered_permille "$result")" = 1000 ] && [ "$(figure changed "$result")" = 0 ]
}

# begins SIZE: with what fills a small store.
begins() {
	rm -rf "$home/run"
	sed -i "s/store-size: .*/store-size: $1/" "$home/conf"
	start
	load 2 500
	load_result
	new_names "$1" >"$home/new"
	in_lab "$build/bin/flood" 127.0.0.1 "$PORT" "$home/new" >/dev/null
	within 20000 settled
}

is_swept() {
	[ "$(store swept)" -gt 0 ]
}

settled() {
	swept=$(store swept)
	sleep 1.5
	[ "$(store swept)" = "$swept" ]
}

"$(beside cachefill)" "$home/ballast" "$ENTRIES" >/dev/null
small=$(($(stat -c %s "$home/ballast/snapshot") / MEGABYTE + 1))
seed=0
for how in room full; do
	rm -rf "$home/cache"
	cp -R "$home/ballast" "$home/cache"
	[ $how = full ] && begins ${small}M || begins $((small * 16))M
	others='idle new'
	[ $how = room ] || others='idle new one'
	lost=0
	for round in $(seq "$ROUNDS"); do
		for other in $others; do
			seed=$((seed + 1))
			case $other in
			idle) part $how-idle ;;
			new) part $how-new $seed ;;
			one) part $how-one $seed one ;;
			esac
			complete || lost=$((lost + 1))
		done
	done
	ok "every cached question is answered, store: $how" [ $lost = 0 ]
	[ $how = room ] || ok "which is swept" within 20000 is_swept
	stop
done
