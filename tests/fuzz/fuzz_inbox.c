#include "tests/fuzz/fuzz.h"

#include "resolver/net/inbox.h"
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* Takes every message that is complete; each must be the one the stream says comes next. */
static void take_all(struct inbox *in, const uint8_t *stream, size_t *at)
{
	const uint8_t *message;
	size_t len;
	while ((message = inbox_take(in, &len)) != NULL) {
		FUZZ_CHECK(len == ((size_t)stream[*at] << 8 | stream[*at + 1]));
		FUZZ_CHECK(memcmp(message, stream + *at + 2, len) == 0);
		*at += 2 + len;
	}
}

/* The first octet says in which pieces the rest of the input arrives. */
int LLVMFuzzerTestOneInput(const uint8_t *octets, size_t len)
{
	struct inbox in = { 0 };
	int pair[2];
	size_t taken = 0, piece = len > 0 ? 1 + octets[0] * (size_t)octets[0] : 1;
	if (len < 2 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, pair) != 0)
		return 0;
	octets++;
	len--;
	for (size_t at = 0; at < len; at += piece) {
		size_t n = piece < len - at ? piece : len - at;
		FUZZ_CHECK(write(pair[1], octets + at, n) == (ssize_t)n);
		while (inbox_fill(&in, pair[0]) == STREAM_MOVED)
			take_all(&in, octets, &taken);
	}
	FUZZ_CHECK(inbox_partial(&in) == len - taken);
	inbox_clear(&in);
	(void)close(pair[0]);
	(void)close(pair[1]);
	return 0;
}
