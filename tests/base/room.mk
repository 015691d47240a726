TESTS += tests/floors
EXTRA_DIST += tests/floors tests/floors.txt
