# Run by tools/check: they need the lab, and with it packages that make check does without.
EXTRA_DIST += tests/system/system.sh tests/system/anchor.sh tests/system/families.sh tests/system/first_answer.sh tests/system/kill.sh \
tests/system/outage.sh tests/system/attacks.sh tests/system/control.sh tests/system/peers.sh tests/system/validation.sh \
tests/system/reload.sh tests/system/restart.sh tests/system/rollover.sh tests/system/store_lost.sh tests/system/startup.sh tests/system/workers.sh
EXTRA_DIST += tests/system/fakeclock.sh
EXTRA_DIST += tests/system/hardening.sh
EXTRA_DIST += tests/system/rawdns.c
EXTRA_DIST += tests/system/streams.sh
EXTRA_DIST += tests/system/wellformed.sh
EXTRA_DIST += tests/system/robust.sh
EXTRA_DIST += tests/system/demo.sh tests/system/torture.sh
EXTRA_DIST += tests/system/reboot.sh tests/system/wallshift.c
EXTRA_DIST += tests/system/snapshot.sh tests/system/slowdisk.c
EXTRA_DIST += tests/system/resize.sh
EXTRA_DIST += tests/system/memory.sh
EXTRA_DIST += tests/system/full.sh
