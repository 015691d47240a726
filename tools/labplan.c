#include "tools/labplan.h"
#include <stdlib.h>

void plan_write(FILE *f, const struct plan *p)
{
	if (p->algorithm != 0)
		fprintf(f, "%u %s %s %s %d %d %u %d %d\n", p->level, p->zone, p->file, p->server,
			p->algorithm, (int)p->denial, p->iterations, (int)p->flaw, (int)p->signer);
}

bool plan_read(FILE *f, struct plan_line *out)
{
	int denial, flaw, signer;
	struct plan *p = &out->plan;
	int fields =
	    fscanf(f, "%u %255s %255s %63s %d %d %u %d %d", &p->level, out->zone, out->file,
		   out->server, &p->algorithm, &denial, &p->iterations, &flaw, &signer);
	if (fields == EOF)
		return false;
	if (fields != 9) {
		fprintf(stderr, "labsign: a line of the plan is broken\n");
		exit(1);
	}
	p->zone = out->zone;
	p->file = out->file;
	p->server = out->server;
	p->denial = (enum denial)denial;
	p->flaw = (enum flaw)flaw;
	p->signer = (enum signer)signer;
	return true;
}
