# Attacks on the running daemon: none costs more packets than a question may, and the daemon lives on.
. "$(dirname "$0")/system.sh"
built=${daemon%/resolver/server/warrend}

attack() { # ROW
	WARREN_LAB=${WARREN_LAB-$build/lab} WARREN_BUILD=$built "$tools/attack" --no-build --counts --seconds 1 "$1" >"$home/attack" 2>&1
	result=$?
	sed 's/^/# /' "$home/attack"
	[ $result = 0 ] && has "$(cat "$home/attack")" "$1"
}

make -C "$built" -s tools/hostile >"$home/log" 2>&1
for row in keytrap-p256 nsec3-2500 padded owners nxns glue sideways camp garbage deaf; do
	ok "$row costs no more packets than one question may" attack $row
done
