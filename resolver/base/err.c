#include "resolver/base/err.h"

const char *err_text(enum err e)
{
	switch (e) {
	case ERR_OK:
		return "ok";
	case ERR_NOMEM:
		return "out of memory";
	case ERR_SHORT:
		return "bytes end too early";
	case ERR_FORMAT:
		return "malformed field";
	case ERR_SPACE:
		return "no room in the buffer";
	case ERR_LIMIT:
		return "a limit was reached";
	case ERR_NOTFOUND:
		return "not found";
	case ERR_UNSUPPORTED:
		return "not supported";
	case ERR_FULL:
		return "the store is full";
	case ERR_CORRUPT:
		return "damaged data";
	case ERR_VERSION:
		return "written by another version, or by something else";
	case ERR_IO:
		return "a system call failed";
	case ERR_DENIED:
		return "permission, owner or mode is wrong";
	case ERR_BUSY:
		return "busy";
	}
	return "unknown error";
}
