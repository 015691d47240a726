# The same questions to Warren, to Warren in another order, and to other resolvers: what is answered differently has a
# reason in an RFC.
. "$(dirname "$0")/system.sh"
questions=3000 peers=backwards,unbound,kresd
WARREN_LAB=${WARREN_LAB-$build/lab} WARREN_BUILD=${daemon%/resolver/server/warrend} \
	"$tools/differ" --no-build --count $questions --peers $peers >"$home/log" 2>&1 || true
grep -v '^ *[0-9]* *RFC' "$home/log" | cut -c1-300 | sed 's/^/# /'

for peer in backwards unbound kresd; do
	[ $peer = backwards ] || command -v $peer >/dev/null || continue
	ok "$peer says the same, or there is a reason" has "$(grep "^$peer: $questions questions" "$home/log")" \
		" 0 of them without a reason"
done
