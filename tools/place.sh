# place.sh - where things are; read by the other tools with "." after they set tools=.
# Nothing is ever written beside the source if the source cannot be written.

top=$(cd "$tools/.." && pwd)
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin
export PATH

if [ -n "${WARREN_BUILD-}" ]; then
	build=$WARREN_BUILD
elif [ -w "$top" ]; then
	build=$top/build
else
	build=${XDG_CACHE_HOME:-$HOME/.cache}/warren/build
fi
case $build in /*) ;; *) build=$PWD/$build ;; esac

say() {
	echo "$me: $*" >&2
}

die() {
	say "$@"
	exit 1
}

# program NAME SOURCES [LIBRARIES]: compile a small tool for itself, optimised, when it is older than
# its sources, so that the lab needs neither configure nor the daemon's libraries.
program() {
	mkdir -p "$build/bin"
	for source in $2; do
		if [ ! -x "$build/bin/$1" ] || [ "$tools/$source" -nt "$build/bin/$1" ]; then
			# shellcheck disable=SC2086  # the lists are meant to be split
			(cd "$tools" && ${CC:-cc} -std=gnu11 -O2 -I.. $2 ${3-} -o "$build/bin/$1.$$") ||
				die "cannot compile $1"
			mv "$build/bin/$1.$$" "$build/bin/$1"
			return
		fi
	done
}

# alive PID: it exists, and not only because nobody has asked how it ended.
alive() {
	state=$(cat "/proc/$1/stat" 2>/dev/null) || return 1
	case $state in *") Z "* | *") X "*) return 1 ;; esac
}

# end PID...: ask, wait at most three seconds, then insist.
end() {
	kill "$@" 2>/dev/null || true
	for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15; do
		left=
		for pid in "$@"; do
			! alive "$pid" || left="$left $pid"
		done
		[ -n "$left" ] || return 0
		sleep 0.2
	done
	# shellcheck disable=SC2086
	kill -KILL $left 2>/dev/null || true
}
