# row.awk - one line of the table of tools/attack, and whether it passes; with head=yes the line above it.

BEGIN {
	if (head == "yes") {
		printf "%-4s %-14s %7s %7s %6s %8s %5s %8s %7s %9s %6s  %s\n", "row", "attack", "asked", "ms/q", "sigs", "packets", "most", "cached%", "p99ms", "uncached%", "MiB", "verdict"
		exit
	}
	n = asked > 0 ? asked : 1
	each = cpu / n
	upstream = sends / n
	checked = verifies / n
	if (counts == "" && how == "names" && row ~ /^D[1-4]$/ && each > cpu_ms)
		wrong = wrong " cpu"
	if (how == "names" && (upstream > packets || most > packets))
		wrong = wrong " packets"
	if (counts == "" && cached < c)
		wrong = wrong " cached"
	if (counts == "" && p99 / 1000 > l)
		wrong = wrong " p99"
	if (counts == "" && uncached < u)
		wrong = wrong " uncached"
	if (row ~ /^A/ && (forged > 0 || said !~ "NOERROR=" asked))
		wrong = wrong " answers"
	if (match(said, /octets_in_100ms=[0-9]+/) && substr(said, RSTART + 16, RLENGTH - 16) + 0 > 65536)
		wrong = wrong " burst"
	if (match(said, / late=[0-9]+/) && substr(said, RSTART + 6, RLENGTH - 6) + 0 > 500)
		wrong = wrong " late"
	verdict = wrong == "" ? "ok" : "FAILS:" wrong
	if (asked == 0)
		each = upstream = checked = 0
	printf "%-4s %-14s %7d %7.3f %6.1f %8.1f %5s %8.2f %7.2f %9.2f %+6d  %s", row, what, asked, each, checked, upstream, most, cached, p99 / 1000, uncached, grown, verdict
	if (how == "names") # the rcodes
		sub(/.*p99=[0-9.]* /, "", said)
	sub(/ +$/, "", said)
	if (how == "siege")
		said = said sprintf(" cpu=%d%%", cpu / 10 / seconds)
	if (how != "none")
		printf "  (%s)", said
	printf "\n"
	exit wrong != ""
}
