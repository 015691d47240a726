# packages.sh - what the tools need from the system's package manager: which of it is missing, and getting it.
# Read with "." after place.sh.  Purposes: build, check, lab, bench.

packages_manager() {
	for manager in apt-get dnf pacman apk; do
		! command -v "$manager" >/dev/null || { echo "$manager" && return; }
	done
	echo none
}

packages_for() {
	case $(packages_manager):$1 in
	apt-get:build)
		echo gcc make libc6-dev autoconf automake pkg-config libev-dev libyaml-dev liblmdb-dev \
			libgnutls28-dev libsystemd-dev libseccomp-dev
		;;
	apt-get:check) echo libcunit1-dev libfaketime unbound ;;
	apt-get:lab)
		echo gcc libc6-dev nsd knot knot-dnssecutils bind9 bind9-utils bind9-dnsutils libldns-dev \
			iproute2 util-linux xz-utils
		;;
	apt-get:bench) echo unbound knot-resolver pdns-recursor bind9 ;;
	dnf:build)
		echo gcc make autoconf automake pkgconf-pkg-config libev-devel libyaml-devel lmdb-devel \
			gnutls-devel systemd-devel libseccomp-devel
		;;
	dnf:check) echo CUnit-devel libfaketime unbound libasan libubsan ;;
	dnf:lab) echo gcc nsd knot knot-utils bind bind-utils bind-dnssec-utils ldns-devel iproute util-linux xz ;;
	dnf:bench) echo unbound knot-resolver pdns-recursor bind ;;
	pacman:build) echo gcc make autoconf automake pkgconf libev libyaml lmdb gnutls libseccomp ;;
	pacman:check) echo cunit libfaketime unbound ;;
	pacman:lab) echo gcc nsd knot bind ldns iproute2 util-linux xz ;;
	pacman:bench) echo unbound knot-resolver powerdns-recursor bind ;;
	apk:build)
		echo build-base linux-headers autoconf automake pkgconf libev-dev yaml-dev lmdb-dev gnutls-dev \
			libseccomp-dev
		;;
	apk:check) echo cunit-dev libfaketime unbound ;;
	apk:lab)
		echo build-base nsd knot knot-utils bind bind-tools bind-dnssec-tools ldns-dev iproute2 \
			util-linux-misc xz
		;;
	apk:bench) echo unbound knot-resolver pdns-recursor bind ;;
	esac
}

packages_installed() {
	case $(packages_manager) in
	apt-get) dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q 'ok installed' ;;
	dnf) rpm -q "$1" >/dev/null 2>&1 ;;
	pacman) pacman -Q "$1" >/dev/null 2>&1 ;;
	apk) apk info -e "$1" >/dev/null 2>&1 ;;
	*) return 1 ;;
	esac
}

# packages_missing PURPOSE...: sets missing; true if there is something.
packages_missing() {
	missing=
	for purpose in "$@"; do
		for package in $(packages_for "$purpose"); do
			case " $missing " in *" $package "*) continue ;; esac
			packages_installed "$package" || missing="$missing $package"
		done
	done
	missing=${missing# }
	[ -n "$missing" ]
}

as_root() {
	if [ "$(id -u)" = 0 ]; then
		"$@"
	elif command -v sudo >/dev/null; then
		sudo "$@"
	else
		die "these are missing: $missing; install them as root, then run this again"
	fi
}

# On Debian a package of a server starts it and has it start at every boot.  A policy that forbids the first
# is in place while we install; the second is undone for what was not there before.
packages_apt() {
	policy=/usr/sbin/policy-rc.d
	placed=
	if [ ! -e "$policy" ]; then
		say "no service may start while installing: $policy is there until that is done"
		placed=$policy
		trap '[ -z "$placed" ] || as_root rm -f "$placed"' EXIT
		trap 'exit 130' INT TERM HUP
		printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
		as_root chmod 755 "$policy"
	fi
	as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q >/dev/null || say "apt-get update failed"
	failed=
	as_root env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends "$@" >/dev/null || failed=1
	packages_disable "$@"
	if [ -n "$placed" ]; then
		as_root rm -f "$placed"
		trap - EXIT INT TERM HUP
	fi
	[ -z "$failed" ]
}

packages_disable() {
	for package in "$@"; do
		case $package in
		nsd | knot | unbound | pdns-recursor) unit=$package ;;
		bind9) unit=named ;;
		*) continue ;;
		esac
		say "$unit stays disabled as a service"
		! command -v systemctl >/dev/null || as_root systemctl disable "$unit" >/dev/null 2>&1 || true
		! command -v update-rc.d >/dev/null || as_root update-rc.d "$unit" disable >/dev/null 2>&1 || true
	done
}

# packages_install PURPOSE...
packages_install() {
	packages_missing "$@" || return 0
	say "installing what is missing: $missing"
	# shellcheck disable=SC2086  # a list
	case $(packages_manager) in
	apt-get) packages_apt $missing ;;
	dnf) as_root dnf install -q -y --setopt=install_weak_deps=False $missing ;;
	pacman) as_root pacman -S --needed --noconfirm $missing ;;
	apk) as_root apk add -q $missing ;;
	*) die "no package manager known here; needed: see tools/packages.sh" ;;
	esac || die "could not install: $missing"
}
