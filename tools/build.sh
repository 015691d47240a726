# build.sh - configures and builds in a folder apart from the source.  Read with "." after place.sh.

# build_in FOLDER CONFIGURE-OPTION...: the tree is configured there, once for each set of options.
build_in() {
	folder=$1
	shift
	mkdir -p "$folder"
	source=$top
	if [ ! -w "$top" ]; then
		# autoreconf writes beside the source, so that becomes a copy.
		source=$folder/source
		mkdir -p "$source"
		(cd "$top" && tar -cf - --exclude=./.git --exclude='./build*' .) | (cd "$source" && tar -xf - && chmod -R u+w .)
	fi
	# make would take what was built beside the source for its own, so configure refuses.
	[ ! -f "$source/config.status" ] || [ "$folder" = "$source" ] ||
		die "$top was configured in place, and a build in $folder needs it clean: first run make distclean there"
	if [ ! -x "$source/configure" ] || [ "$source/configure.ac" -nt "$source/configure" ]; then
		(cd "$source" && autoreconf -fi) >"$folder/autoreconf.log" 2>&1 ||
			die "autoreconf failed, see $folder/autoreconf.log"
	fi
	if [ ! -f "$folder/Makefile" ] || [ "$*" != "$(cat "$folder/options" 2>/dev/null)" ]; then
		say "configuring in $folder"
		(cd "$folder" && "$source/configure" -q "$@") >"$folder/configure.out" 2>&1 || {
			tail -5 "$folder/configure.out" >&2
			die "configure failed, see $folder/configure.out"
		}
		echo "$*" >"$folder/options"
	fi
	say "building in $folder"
	make -C "$folder" -s -j"$(nproc)" >"$folder/make.out" 2>&1 || {
		grep -E 'error|Error|warning' "$folder/make.out" | head -20 >&2
		die "the build failed, see $folder/make.out"
	}
}

# warrend_in FOLDER: the path of the daemon built there.
warrend_in() {
	for path in "$1/warrend" "$1/resolver/server/warrend"; do
		[ ! -x "$path" ] || { echo "$path" && return; }
	done
}
